using Microsoft.DotNet.Interactive;

// In .NET Interactive these extensions live here too, so that cells reach them without a using.
namespace System;

/// <summary>Shows any value from a cell.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value as an output of the running cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The representations wanted; none means those that the value's type prefers.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Kernel.display(value, mimeTypes);

    /// <summary>Shows text that already is in the format <paramref name="mimeType"/>.</summary>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue DisplayAs(this string value, string mimeType, params string[] additionalMimeTypes) =>
        KernelInvocationContext.Current?.DisplayAs(value, mimeType, additionalMimeTypes)
        ?? throw new InvalidOperationException("No cell is running, so there is nowhere to show this.");
}
