namespace SaeNotebooks.Cli;

/// <summary>What a library says of an argument, for a person at the console.</summary>
internal static class ArgumentProblem
{
    /// <summary>The message without the parameter's name, which .NET puts behind it and which means nothing on a command line.</summary>
    public static string Problem(this ArgumentException e) =>
        e.ParamName is { } name && e.Message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end] : e.Message;
}
