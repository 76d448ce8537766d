var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "site\n");
app.Run();
