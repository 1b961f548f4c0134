using Microsoft.DotNet.Interactive.Formatting;

namespace SaeNotebooks.Kernel.Session;

/// <summary>How values show themselves when nobody registered anything for their types.</summary>
internal static class DisplayDefaults
{
    private static readonly Type[] Scalars =
    [
        typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(string), typeof(Guid), typeof(DateTime),
        typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    /// <summary>Shows scalars as text: markup and a style sheet for one number only bloat the notebook.</summary>
    public static void Apply()
    {
        foreach (var type in Scalars) Formatter.SetPreferredMimeTypesFor(type, PlainTextFormatter.MimeType);
    }
}
