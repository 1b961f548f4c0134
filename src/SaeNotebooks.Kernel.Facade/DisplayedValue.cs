namespace Microsoft.DotNet.Interactive;

/// <summary>A handle on an output that has been shown. Thread-safe.</summary>
public sealed class DisplayedValue
{
    private readonly string[] mimeTypes;
    private readonly KernelInvocationContext shownBy;

    internal DisplayedValue(string displayId, string[] mimeTypes, KernelInvocationContext shownBy)
    {
        DisplayId = displayId;
        this.mimeTypes = mimeTypes;
        this.shownBy = shownBy;
    }

    /// <summary>The id under which front ends know the output.</summary>
    public string DisplayId { get; }

    /// <summary>The MIME types in which the output was shown; updates use the same.</summary>
    public IReadOnlyCollection<string> MimeTypes => mimeTypes;

    /// <summary>Replaces the output, wherever it is shown, by <paramref name="updatedValue"/>. Works from any thread and any later cell.</summary>
    public void Update(object? updatedValue) =>
        (KernelInvocationContext.Current ?? shownBy).Host.UpdateDisplay(
            FormattedValue.CreateManyFromObject(updatedValue, mimeTypes), DisplayId);
}
