namespace SaeNotebooks.Translation.Judging.OffTask;

/// <summary>What can be wrong with an output besides its words: it is no translation of the source, or not only that.</summary>
[Flags]
public enum OffTaskKinds
{
    /// <summary>Nothing: the output is a translation, good or bad.</summary>
    None = 0,

    /// <summary>Most of it is in another language than the one asked for.</summary>
    WrongLanguage = 1,

    /// <summary>It is the source, whole or nearly, where a translation would differ.</summary>
    SourceCopied = 2,

    /// <summary>There is nothing in it but white space and punctuation.</summary>
    Empty = 4,

    /// <summary>It goes round in circles: something is repeated again and again that the source does not repeat.</summary>
    Repetition = 8,

    /// <summary>It declines to translate, or asks for the text.</summary>
    Refusal = 16,

    /// <summary>There is something besides the translation: a preamble, a note, alternatives, the source, further turns.</summary>
    Extraneous = 32,
}

/// <summary>Names of the kinds in files and on the command line.</summary>
public static class OffTaskKindNames
{
    /// <summary>The kinds one by one, in the order of their names' columns.</summary>
    public static IReadOnlyList<OffTaskKinds> All { get; } = [.. Enum.GetValues<OffTaskKinds>().Where(k => k != OffTaskKinds.None)];

    /// <summary>The name of one kind: <c>wrong_language</c>, <c>source_copied</c>, <c>empty</c>, <c>repetition</c>, <c>refusal</c>, <c>extraneous</c>.</summary>
    public static string Name(this OffTaskKinds kind) => kind switch
    {
        OffTaskKinds.WrongLanguage => "wrong_language",
        OffTaskKinds.SourceCopied => "source_copied",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Reads names with commas between them; <c>none</c> for none.</summary>
    /// <exception cref="FormatException">a name that is none of them</exception>
    public static OffTaskKinds Parse(string names) => names == "none" ? OffTaskKinds.None
        : names.Split(',').Aggregate(OffTaskKinds.None, (kinds, name) => kinds | All.FirstOrDefault(k => k.Name() == name.Trim()) switch
        {
            OffTaskKinds.None => throw new FormatException($"'{name}' is no kind of off-task output; there are none, {string.Join(", ", All.Select(Name))}."),
            var kind => kind,
        });
}
