using System.Net;

namespace Supervisor.Demo;

/// <summary>
/// Serves one page as it was when the process started: what a browser shows proves that the server is a new one. <c>/crash</c> ends the
/// process, as a bug would.
/// </summary>
internal static class WebPage
{
    public static async Task<int> RunAsync(string page, string port)
    {
        var html = await File.ReadAllBytesAsync(page);

        using var server = new HttpListener();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        Console.WriteLine($"serving {page} on http://127.0.0.1:{port}/ (pid {Environment.ProcessId})");

        while (true)
        {
            var context = await server.GetContextAsync();

            if (context.Request.Url?.AbsolutePath == "/crash")
                throw new InvalidOperationException("Somebody opened /crash.");

            await AnswerAsync(context.Response, html);
        }
    }

    private static async Task AnswerAsync(HttpListenerResponse response, byte[] html)
    {
        try
        {
            response.ContentType = "text/html; charset=utf-8";
            await response.OutputStream.WriteAsync(html);
            response.Close();
        }
        catch (HttpListenerException)
        {
            // The browser left; the next one may stay.
        }
    }
}
