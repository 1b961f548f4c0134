using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>A page in a browser: scripts and input go in, values and pictures come out, and what went wrong is kept.</summary>
/// <param name="send">sends a command to it</param>
/// <param name="close">closes it</param>
/// <param name="cancellation">gives up</param>
internal sealed class BrowserPage(Func<string, JsonObject, Task<JsonObject>> send, Func<Task> close, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<string> _errors = [], _requests = [];

    /// <summary>Exceptions that nothing caught, and what the console holds as errors.</summary>
    public IReadOnlyList<string> Errors
    {
        get { lock (_errors) return [.. _errors]; }
    }

    /// <summary>Addresses that the page asked for, other than files and data in itself.</summary>
    public IReadOnlyList<string> Requests
    {
        get { lock (_requests) return [.. _requests]; }
    }

    public async Task Load(Uri address, bool isOffline)
    {
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" }) await send($"{domain}.enable", []);
        if (isOffline)
            await send("Network.emulateNetworkConditions", new() { ["offline"] = true, ["latency"] = 0, ["downloadThroughput"] = 0, ["uploadThroughput"] = 0 });
        await send("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await Until("document.readyState === 'complete'", "the page to load");
    }

    /// <summary>The value of an expression, or of the promise that it is.</summary>
    /// <exception cref="CliException">it throws</exception>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var result = await send("Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return result["exceptionDetails"] is { } details
            ? throw new CliException($"The page's script failed: {details["exception"]?["description"] ?? details["text"]}") : result["result"]?["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    /// <param name="condition">the expression</param>
    /// <param name="what">what it means, for the error</param>
    /// <param name="seconds">how long</param>
    /// <exception cref="CliException">it did not become true</exception>
    public async Task Until(string condition, string what, int seconds = 240)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; await Task.Delay(50, cancellation))
            if (await Evaluate($"!!({condition})") is { } value && (bool)value) return;
        var console = Errors.Count > 0 ? $" The console says: {Errors[^1]}" : "";
        throw new CliException($"Waited {seconds} s in vain for {what}.{console}");
    }

    /// <summary>Presses a key, as a person does.</summary>
    /// <param name="key">its name, such as ArrowRight</param>
    /// <param name="code">its Windows key code</param>
    public async Task Press(string key, int code)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
            await send("Input.dispatchKeyEvent", new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code });
    }

    /// <summary>Types text into what has the focus, key by key.</summary>
    public async Task Type(string text)
    {
        foreach (var letter in text)
        {
            await send("Input.dispatchKeyEvent", new() { ["type"] = "keyDown", ["key"] = $"{letter}", ["text"] = $"{letter}" });
            await send("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = $"{letter}" });
        }
    }

    /// <summary>Drags from the middle of an element.</summary>
    /// <param name="selector">of the element</param>
    /// <param name="by">pixels to the right</param>
    public async Task Drag(string selector, int by)
    {
        var (x, y) = await Middle(selector);
        await Mouse("mouseMoved", x, y);
        await Mouse("mousePressed", x, y);
        for (var step = 1; step <= 8; step++) await Mouse("mouseMoved", x + by * step / 8.0, y);
        await Mouse("mouseReleased", x + by, y);
    }

    /// <summary>Clicks in the middle of an element.</summary>
    public Task Click(string selector) => Drag(selector, 0);

    /// <summary>Brings an element into view and gives the keys to it.</summary>
    public Task Focus(string selector) => Evaluate($"(e => {{ e.scrollIntoView({{block: 'center'}}); e.focus(); }})(document.querySelector('{selector}'))");

    /// <summary>Writes a picture of what is seen.</summary>
    public async Task Screenshot(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var picture = await send("Page.captureScreenshot", new() { ["format"] = "png" });
        await File.WriteAllBytesAsync(path, Convert.FromBase64String((string)picture["data"]!), cancellation);
    }

    internal void Take(string method, JsonObject parameters)
    {
        var error = method switch
        {
            "Runtime.exceptionThrown" => parameters["exceptionDetails"]?["exception"]?["description"]?.ToString() ?? parameters["exceptionDetails"]?["text"]?.ToString(),
            "Runtime.consoleAPICalled" when (string?)parameters["type"] == "error" => string.Join(' ', parameters["args"]!.AsArray().Select(a => Said(a!))),
            "Log.entryAdded" when (string?)parameters["entry"]?["level"] == "error" => $"{parameters["entry"]!["text"]} {parameters["entry"]!["url"]}",
            _ => null,
        };
        if (error is not null)
            lock (_errors) _errors.Add(error);
        if (method == "Network.requestWillBeSent" && (string?)parameters["request"]?["url"] is { } url && !url.StartsWith("file:", StringComparison.Ordinal)
            && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal))
            lock (_requests) _requests.Add(url);
    }

    public async ValueTask DisposeAsync() => await close();

    // Of an object that is no Error of the browser's own, the description is its type alone.
    private static string Said(JsonNode argument) => (argument["value"] ?? argument["description"])
        + string.Concat(argument["preview"]?["properties"]?.AsArray().Where(p => (string?)p!["name"] == "message").Select(p => $": {p!["value"]}") ?? []);

    // What is loaded above an element moves it: its place counts once it stands still and nothing lies over it.
    private async Task<(double X, double Y)> Middle(string selector)
    {
        await Until($"document.querySelector('{selector}')", $"'{selector}'");
        await Evaluate($"document.querySelector('{selector}').scrollIntoView({{block: 'center'}})");
        var place = $$"""
            (() => {
              const e = document.querySelector('{{selector}}'), b = e.getBoundingClientRect(), x = b.x + b.width / 2, y = b.y + b.height / 2, last = window.saePlace;
              window.saePlace = [x, y];
              return last && last[0] === x && last[1] === y && e.contains(document.elementFromPoint(x, y));
            })()
            """;
        await Evaluate("window.saePlace = null");
        await Until(place, $"'{selector}' to stand still in view");
        var middle = await Evaluate("window.saePlace");
        return ((double)middle![0]!, (double)middle[1]!);
    }

    private Task<JsonObject> Mouse(string type, double x, double y) =>
        send("Input.dispatchMouseEvent", new() { ["type"] = type, ["x"] = x, ["y"] = y, ["button"] = type == "mouseMoved" ? "none" : "left", ["buttons"] = type == "mouseReleased" ? 0 : 1, ["clickCount"] = 1 });
}
