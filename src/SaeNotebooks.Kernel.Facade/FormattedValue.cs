using System.Collections;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>A value in one representation.</summary>
/// <param name="MimeType">What <paramref name="Value"/> is, for example "text/html".</param>
/// <param name="Value">The representation.</param>
public sealed record FormattedValue(string MimeType, string Value)
{
    /// <summary>
    /// Formats a value, once for each of <paramref name="mimeTypes"/>, or for each MIME type that its type prefers when none is given;
    /// text/plain is always among them, for it is what terminals and code hosts show.
    /// </summary>
    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[] mimeTypes)
    {
        if (value is null) return [new(PlainTextFormatter.MimeType, Formatter.NullString)];
        var wanted = mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value.GetType())];
        var formatted = wanted.Distinct().Select(type => new FormattedValue(type, Formatter.ToDisplayString(value, type))).ToList();
        if (!wanted.Contains(PlainTextFormatter.MimeType)) formatted.Add(new(PlainTextFormatter.MimeType, PlainText(value)));
        return formatted;
    }

    // A lazy sequence is not run a second time only for its plain text.
    private static string PlainText(object value) => value is IEnumerable && !HasCount(value)
        ? value.ToString() ?? ""
        : Formatter.ToDisplayString(value, PlainTextFormatter.MimeType);

    private static bool HasCount(object value) => value is ICollection || value.GetType().GetInterfaces()
        .Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));
}
