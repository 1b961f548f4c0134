using System.Diagnostics;
using SaeNotebooks.Display;

namespace SaeNotebooks;

/// <summary>
/// Shows how far a long operation has come, where it runs: a bar that updates in a notebook, one line that updates on a
/// terminal, a line now and then in a log. Operations of less than a second show nothing, and of nested ones only the
/// outermost shows. Safe to report to from several threads.
/// </summary>
/// <example><code>
/// using var progress = Progress.Start("Training the SAE", total: steps, unit: "steps");
/// for (var step = 0; step &lt; steps; step++)
/// {
///     progress.Cancellation.ThrowIfCancellationRequested();
///     …
///     progress.Report(step + 1, $"loss {loss:F3}");
/// }
/// </code></example>
public sealed class Progress : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1), Between = TimeSpan.FromMilliseconds(200);
    private static readonly AsyncLocal<Progress?> Outermost = new();

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly IProgressSink? _sink;
    private readonly CancellationTokenSource _cancellation;
    private readonly ProgressState _start;
    private ProgressState _state;
    private TimeSpan _shown;
    private bool _isShown, _isDisposed;

    internal Progress(ProgressState start, IProgressSink? sink, TimeSpan? quiet,
        CancellationToken caller = default, CancellationToken cell = default)
    {
        _start = _state = start;
        _sink = sink;
        _shown = (quiet ?? Quiet) - Between;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(caller, cell);
    }

    /// <summary>Begins to show an operation; dispose the result when the operation ends.</summary>
    /// <param name="what">the operation, as a person would name it</param>
    /// <param name="total">how many units there are to do; 0 when that is not known</param>
    /// <param name="unit">what is counted, in the plural</param>
    /// <param name="from">units that were done before, by a run that this one resumes</param>
    /// <param name="cancellation">ends the operation, besides the notebook's interrupt button</param>
    public static Progress Start(string what, long total = 0, string unit = "steps", long from = 0, CancellationToken cancellation = default) =>
        Start(new ProgressState(what, unit, total, from), cancellation);

    /// <summary>Begins to show an operation of which nothing stays in the notebook.</summary>
    internal static Progress Start(ProgressState start, CancellationToken cancellation = default)
    {
        var host = NotebookHost.Current;
        var isNested = Outermost.Value is { _isDisposed: false };
        var sink = isNested ? null : host is not null ? new NotebookSink(host) : ProgressSinks.ForConsole();
        var progress = new Progress(start, sink, null, cancellation, host?.Cancellation ?? default);
        if (!isNested) Outermost.Value = progress;
        return progress;
    }

    /// <summary>From here on, in this flow of control alone, nothing is shown of operations.</summary>
    internal static void ShowNothing() => Outermost.Value = new(new("", "", 0, 0), null, null);

    /// <summary>Cancelled when the caller's token is, or when the notebook's cell is interrupted.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Says how many units are done, counted from the very beginning of the operation.</summary>
    public void Report(long done) => Report(done, null);

    /// <summary>Says how many units are done, and something that is worth seeing meanwhile, such as a loss.</summary>
    public void Report(long done, string? note)
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _state = _state with { Done = done, Note = note ?? _state.Note, Elapsed = _clock.Elapsed, Rate = Rate(done) };
            if (_sink is null || _clock.Elapsed - _shown < Between) return;
            _shown = _clock.Elapsed;
            _isShown = true;
            _sink.Show(_state);
        }
    }

    /// <summary>Ends the display with how much was done in what time.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            if (Outermost.Value == this) Outermost.Value = null;
            if (_isShown) _sink?.Finish(_state with { IsOver = true, Elapsed = _clock.Elapsed, Rate = Rate(_state.Done) });
            _cancellation.Dispose();
        }
    }

    private double Rate(long done) => _clock.Elapsed.TotalSeconds > 0 ? (done - _start.Done) / _clock.Elapsed.TotalSeconds : 0;
}
