using System.Globalization;

namespace SaeNotebooks.Cli;

/// <summary>The value of <c>--layers</c>: numbers with commas between them.</summary>
internal static class LayerList
{
    /// <summary>The layers; null where the option was not given.</summary>
    /// <exception cref="CliException">one of them is no whole number of at least 0</exception>
    public static int[]? Parse(string? text) => text is null ? null
        : [.. text.Split(',').Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer
            : throw new CliException($"--layers takes numbers with commas between them, such as 4,5,6, not '{text}'."))];
}
