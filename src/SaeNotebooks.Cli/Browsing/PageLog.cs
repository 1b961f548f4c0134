using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>What goes wrong in a page, and what it asks for.</summary>
internal sealed class PageLog
{
    private readonly ConcurrentQueue<string> _errors = new(), _requests = new();

    /// <param name="page">to listen to from now on</param>
    public PageLog(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _errors.Enqueue($"{message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
    }

    /// <summary>Addresses that were asked for, other than data in the page itself.</summary>
    public IReadOnlyList<string> Requests => [.. _requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal))];

    /// <summary>Exceptions that nothing caught, and errors in the console, with the address that each comes from, since this was last asked.</summary>
    public IReadOnlyList<string> TakeErrors()
    {
        List<string> taken = [];
        while (_errors.TryDequeue(out var error)) taken.Add(error);
        return taken;
    }
}
