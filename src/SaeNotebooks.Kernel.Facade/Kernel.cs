using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What every cell can call without a prefix, as in .NET Interactive.</summary>
public static class Kernel
{
    private static KernelInvocationContext Cell =>
        KernelInvocationContext.Current ?? throw new InvalidOperationException("No cell is running, so there is nowhere to show this.");

    /// <summary>Shows a value as an output of the running cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The representations wanted; none means those that the value's type prefers.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Cell.Display(value, mimeTypes);

    /// <summary>Removes what the running cell has shown so far.</summary>
    /// <param name="wait">Whether to wait until the cell shows something new, so that nothing flickers.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void ClearOutput(bool wait = false) => Cell.Host.ClearOutput(wait);

    /// <summary>Markup that is shown as it is, and not as a string.</summary>
    public static IHtmlContent HTML(string content) => content.ToHtmlContent();

    /// <summary>Asks the person at the notebook for a line of text.</summary>
    /// <exception cref="InvalidOperationException">No cell is running, or the front end cannot ask.</exception>
    public static Task<string> GetInputAsync(string prompt = "") => Cell.Host.RequestInputAsync(prompt, password: false);

    /// <summary>Asks the person at the notebook for a line of text that is not shown while it is typed.</summary>
    /// <exception cref="InvalidOperationException">No cell is running, or the front end cannot ask.</exception>
    public static Task<string> GetPasswordAsync(string prompt = "") => Cell.Host.RequestInputAsync(prompt, password: true);
}
