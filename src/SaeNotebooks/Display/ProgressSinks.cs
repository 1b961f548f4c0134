using System.Diagnostics;

namespace SaeNotebooks.Display;

/// <summary>Where progress is shown.</summary>
internal interface IProgressSink
{
    void Show(ProgressState state);

    void Finish(ProgressState state);
}

internal static class ProgressSinks
{
    /// <summary>Standard error, so that an operation's own output can be piped on.</summary>
    public static IProgressSink ForConsole() => Console.IsErrorRedirected ? new LogSink(Console.Error) : new TerminalSink(Console.Error, () => Console.WindowWidth);
}

/// <summary>One line that is written over.</summary>
internal sealed class TerminalSink(TextWriter terminal, Func<int> width) : IProgressSink
{
    public void Show(ProgressState state) => terminal.Write($"\r{Fit(state)}\u001b[K");

    public void Finish(ProgressState state) => terminal.WriteLine($"\r{state.ToText()}\u001b[K");

    /// <summary>A line that wraps could not be written over, so its end is cut off until the operation is over.</summary>
    private string Fit(ProgressState state)
    {
        var text = state.ToText();
        var room = Math.Max(20, width() - 1);
        return text.Length <= room ? text : text[..(room - 1)] + "…";
    }
}

/// <summary>A line at each tenth of the way, but at least one every half minute and never two within two seconds.</summary>
internal sealed class LogSink(TextWriter log) : IProgressSink
{
    private readonly Stopwatch _since = new();
    private int _tenth = -1;

    public void Show(ProgressState state)
    {
        var tenth = (int)(10 * state.Share);
        var isDue = !_since.IsRunning || tenth > _tenth && _since.Elapsed.TotalSeconds >= 2 || _since.Elapsed.TotalSeconds >= 30;
        if (!isDue) return;
        _tenth = tenth;
        _since.Restart();
        log.WriteLine(state.ToText());
    }

    public void Finish(ProgressState state) => log.WriteLine(state.ToText());
}

/// <summary>A displayed value of the notebook that is updated in place.</summary>
internal sealed class NotebookSink(NotebookHost host) : IProgressSink
{
    private Action<object>? _update;

    public void Show(ProgressState state)
    {
        if (_update is null) _update = host.Display(state);
        else _update(state);
    }

    public void Finish(ProgressState state) => Show(state);
}
