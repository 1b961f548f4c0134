using System.CommandLine;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Hub;
using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Parallel;
using Spectre.Console;

namespace SaeNotebooks.Cli;

/// <summary>Parses the arguments, runs the verb and turns an expected failure into one line and exit code 1.</summary>
public static class CommandLine
{
    /// <summary>Runs the verb that <paramref name="args"/> names.</summary>
    /// <param name="args">the process's arguments</param>
    /// <param name="verbs">one command per verb</param>
    /// <returns>the process's exit code: 0 for success</returns>
    public static async Task<int> Run(string[] args, IEnumerable<Command> verbs)
    {
        var root = new RootCommand("Notebooks on the insides of language models, in C#.");
        foreach (var verb in verbs) root.Subcommands.Add(verb);
        // Lines are left to the terminal to wrap, so that a command or an address can be copied whole.
        AnsiConsole.Profile.Width = 10_000;
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is CliException or IOException or UnauthorizedAccessException or ReferenceException or CheckpointException
            or LexiconException or DllNotFoundException or HubException or FeatureIndexException or InsufficientMemoryException
            or ParallelDataException or LanguageModelException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }
        catch (TypeInitializationException) when (NativeProblem() is { } problem) // TorchSharp's own, of a hundred lines
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{problem}[/]");
            return 1;
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.MarkupLine("[yellow]cancelled[/]");
            return 130;
        }
    }

    private static string? NativeProblem()
    {
        try
        {
            NativeRuntime.EnsureLoaded();
            return null;
        }
        catch (DllNotFoundException e) { return e.Message; }
    }
}

/// <summary>A failure that its message explains in full: what was asked, what was found, what to do.</summary>
public sealed class CliException : Exception
{
    /// <summary>A failure with <paramref name="message"/> for the person at the console.</summary>
    public CliException(string message) : base(message) { }

    /// <summary>A failure with <paramref name="message"/>, caused by <paramref name="inner"/>.</summary>
    public CliException(string message, Exception inner) : base(message, inner) { }
}
