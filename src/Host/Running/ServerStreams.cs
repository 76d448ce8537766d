using Supervisor.Host.Output;
using Supervisor.Host.Terminals;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What one server finds at its standard streams, and the environment that goes with it.</summary>
internal abstract class ServerStreams : IDisposable
{
    /// <exception cref="SpawnException">The system has no terminal left.</exception>
    public static ServerStreams Create(RunSetup setup, ServiceSpec spec, string? tag, int? port) =>
        setup.Terminal is { } terminal ? OfTerminal.Create(terminal, spec, tag, port) : new OfPipes(spec, tag, port);

    public abstract SpawnRequest Request(ServiceSpec spec);

    /// <summary>The server has its ends.</summary>
    public abstract void Started();

    /// <summary>The caller keeps this until the pump has been drained.</summary>
    public abstract OutputPump Pump(IOutputSink sink, TimeProvider time);

    /// <summary>The server has ended, and all that it printed has been read.</summary>
    public abstract void Ended();

    public abstract void Dispose();

    private sealed class OfPipes(ServiceSpec spec, string? tag, int? port) : ServerStreams
    {
        private readonly StandardInput _input = StandardInput.Create(spec.Stdin);
        private readonly OutputPipes _output = OutputPipes.Create(large: true);

        public override SpawnRequest Request(ServiceSpec spec) => new(spec.Command, spec.WorkingDirectory, ServerEnvironment.For(spec, tag, port))
        {
            StandardInput = _input.Read, StandardOutput = _output.OutputWrite, StandardError = _output.ErrorWrite,
        };

        public override void Started()
        {
            _input.CloseReadEnd();
            _output.CloseWriteEnds();
        }

        public override OutputPump Pump(IOutputSink sink, TimeProvider time) => OutputPump.Start(_output, sink, time);

        public override void Ended()
        {
        }

        public override void Dispose()
        {
            _output.Dispose();
            _input.Dispose();
        }
    }

    private sealed class OfTerminal(ServiceTerminal shared, PseudoTerminal own, IReadOnlyDictionary<string, string> environment) : ServerStreams
    {
        public static OfTerminal Create(ServiceTerminal shared, ServiceSpec spec, string? tag, int? port)
        {
            var (environment, window) = ServerEnvironment.ForTerminal(spec, tag, port);
            return new OfTerminal(shared, PseudoTerminal.Open(window), environment);
        }

        public override SpawnRequest Request(ServiceSpec spec)
        {
            shared.Begin(own);
            return new(spec.Command, spec.WorkingDirectory, environment) { Terminal = own.Path };
        }

        public override void Started()
        {
        }

        public override OutputPump Pump(IOutputSink sink, TimeProvider time) => OutputPump.Start(own.Master, sink, shared.Write, time);

        public override void Ended() => shared.End(own);

        public override void Dispose()
        {
            shared.End(own);
            own.Dispose();
        }
    }
}
