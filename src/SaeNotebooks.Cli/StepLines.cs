using System.Diagnostics;
using Spectre.Console;

namespace SaeNotebooks.Cli;

/// <summary>Prints what a long command is doing, one line per part, with the time since its start.</summary>
internal sealed class StepLines : IProgress<string>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <inheritdoc/>
    public void Report(string value) => AnsiConsole.MarkupLineInterpolated($"{_clock.Elapsed:mm\\:ss} {value}");
}
