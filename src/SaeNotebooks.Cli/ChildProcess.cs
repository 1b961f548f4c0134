using System.Diagnostics;
using System.Text;

namespace SaeNotebooks.Cli;

/// <summary>Runs other programs.</summary>
public static class ChildProcess
{
    /// <summary>What a program that ended left behind.</summary>
    /// <param name="ExitCode">its exit status</param>
    /// <param name="Output">its standard output, unless lines were taken by a callback</param>
    /// <param name="Error">the end of its standard error, at most about 8,000 characters</param>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        /// <summary>The last thing it said that is not blank, standard error first.</summary>
        public string LastLine => LastLineOf(Error) ?? LastLineOf(Output) ?? $"exit status {ExitCode}, and no message";

        private static string? LastLineOf(string text) =>
            text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
    }

    /// <summary>Runs a program to its end; cancellation ends it and its children.</summary>
    /// <param name="program">name on the PATH, or path</param>
    /// <param name="arguments">arguments, unquoted</param>
    /// <param name="onLine">called with each line of standard output, in place of collecting them</param>
    /// <param name="environment">variables to add</param>
    /// <param name="folder">working directory</param>
    /// <param name="input">all of its standard input, which it is given as soon as there is one; nothing by default</param>
    /// <param name="cancellation">ends the program</param>
    /// <exception cref="CliException">the program could not be started</exception>
    public static async Task<Result> Run(string program, IEnumerable<string> arguments, Action<string>? onLine = null,
        IReadOnlyDictionary<string, string>? environment = null, string? folder = null, Task<string>? input = null, CancellationToken cancellation = default)
    {
        using var process = Start(StartInfo(program, arguments, environment, folder, redirect: true));
        _ = Feed(process.StandardInput, input ?? Task.FromResult(""), cancellation);
        var error = Tail(process.StandardError);
        var output = onLine is null ? process.StandardOutput.ReadToEndAsync(CancellationToken.None) : Each(process.StandardOutput, onLine);
        try { await process.WaitForExitAsync(cancellation); }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new Result(process.ExitCode, await output, await error);
    }

    /// <summary>Runs this program as a process of its own.</summary>
    /// <param name="arguments">arguments, unquoted</param>
    /// <param name="onLine">called with each line of standard output</param>
    /// <param name="cancellation">ends it</param>
    public static Task<Result> RunSelf(IEnumerable<string> arguments, Action<string> onLine, CancellationToken cancellation)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ChildProcess).Assembly.Location] : [];
        return Run(program, [.. self, .. arguments], onLine, cancellation: cancellation);
    }

    /// <summary>Runs a program in this console until it ends and returns its exit status.</summary>
    /// <inheritdoc cref="Run"/>
    public static async Task<int> RunAttached(string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, string? folder = null, CancellationToken cancellation = default)
    {
        using var process = Start(StartInfo(program, arguments, environment, folder, redirect: false));
        // Control-C reaches the program too, which ends in its own way; nothing is left to do here but wait.
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment, string? folder, bool redirect)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = redirect,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) info.Environment[name] = value;
        return info;
    }

    private static Process Start(ProcessStartInfo info)
    {
        try { return Process.Start(info)!; }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CliException($"Could not start '{info.FileName}': {e.Message}", e);
        }
    }

    /// <summary>A program that ends before it has read its input has no need of it.</summary>
    private static async Task Feed(StreamWriter writer, Task<string> input, CancellationToken cancellation)
    {
        try
        {
            await using (writer) await writer.WriteAsync(await input.WaitAsync(cancellation));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
    }

    private static async Task<string> Each(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line) onLine(line);
        return "";
    }

    private static async Task<string> Tail(StreamReader reader)
    {
        const int Kept = 8000;
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            if (text.Length > 2 * Kept) text.Remove(0, text.Length - Kept);
        }
        return text.ToString();
    }
}
