using System.CommandLine;
using Supervisor.Stress;

var cycles = new Option<int>("--cycles") { Description = "How many times 3 jobs are run.", DefaultValueFactory = _ => 10 };
var speed = new Option<double>("--speed") { Description = "1: 3 jobs every 40 s, as reported; 40: every second.", DefaultValueFactory = _ => 40 };
var seed = new Option<int>("--seed") { Description = "The same seed makes the same jobs and faults.", DefaultValueFactory = _ => 1 };
var root = new RootCommand("Replays \"3 jobs every 40 s\" against a real tree while its watcher is killed, and checks what must hold.")
{
    cycles, speed, seed,
};
root.SetAction((parsed, stopping) =>
    new SmokeScenario(parsed.GetValue(cycles), TimeSpan.FromSeconds(40 / parsed.GetValue(speed)), parsed.GetValue(seed)).RunAsync(stopping));

return await root.Parse(args).InvokeAsync();
