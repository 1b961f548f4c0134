namespace Microsoft.DotNet.Interactive;

/// <summary>Ways to show something from a running cell.</summary>
public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value as one output and returns a handle that can replace it.</summary>
    /// <param name="context">The cell that the output belongs to.</param>
    /// <param name="value">The value; null is shown as null.</param>
    /// <param name="mimeTypes">The representations wanted; none means those that the value's type prefers.</param>
    public static DisplayedValue Display(this KernelInvocationContext context, object? value, params string[] mimeTypes) =>
        Show(context, FormattedValue.CreateManyFromObject(value, mimeTypes));

    /// <summary>Shows text that already is in the format <paramref name="mimeType"/>.</summary>
    /// <param name="context">The cell that the output belongs to.</param>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">What the text is, for example "text/markdown".</param>
    /// <param name="additionalMimeTypes">Further MIME types under which the same text is offered.</param>
    public static DisplayedValue DisplayAs(
        this KernelInvocationContext context, string value, string mimeType, params string[] additionalMimeTypes) =>
        Show(context, [.. additionalMimeTypes.Prepend(mimeType).Select(type => new FormattedValue(type, value))]);

    /// <summary>Adds text to the cell's standard output.</summary>
    public static void DisplayStandardOut(this KernelInvocationContext context, string output) => context.Host.Write("stdout", output);

    /// <summary>Adds text to the cell's standard error.</summary>
    public static void DisplayStandardError(this KernelInvocationContext context, string error) => context.Host.Write("stderr", error);

    private static DisplayedValue Show(KernelInvocationContext context, IReadOnlyList<FormattedValue> values)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString(), [.. values.Select(value => value.MimeType)], context);
        context.Host.Display(values, shown.DisplayId);
        return shown;
    }
}
