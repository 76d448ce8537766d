return await Supervisor.Stress.CommandLine.RunAsync(args);
