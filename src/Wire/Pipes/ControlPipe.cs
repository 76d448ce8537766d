using System.Text;

namespace Supervisor.Wire.Pipes;

/// <summary>The parent's listening pipe for clients: JSON in <c>Content-Length</c> frames.</summary>
public static class ControlPipe
{
    /// <inheritdoc cref="PipeListener.Bind(string)"/>
    public static PipeListener Bind(string path) => PipeListener.Bind(path, AnswerWhenFull());

    /// <summary>An error without a request id, because no request has been read.</summary>
    private static byte[] AnswerWhenFull()
    {
        var body = $$$"""
            {"jsonrpc":"2.0","id":null,"error":{"code":{{{ErrorCode.NotNow}}},"message":"{{{PipeListener.MaxConnections}}} connections are being served; close one and try again"}}
            """;
        return Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n{body}");
    }
}
