namespace SaeNotebooks.Training.Corpus;

/// <summary>One step of a plot: its kind, the word that it names, and whether it may be left out.</summary>
internal sealed record Beat(string Kind, string Word, string Reason, bool IsOptional)
{
    /// <summary>Whether a second person must have come before.</summary>
    public bool NeedsFriend => Kind is "person" or "give" or "both" or "friend";

    /// <summary>Whether the thing must have been mentioned before.</summary>
    public bool NeedsThing => Kind is "thing" or "give";

    /// <summary>Whether the thing is mentioned.</summary>
    public bool MentionsThing => Kind is "verb" or "want" or "see";
}

/// <summary>A plot: where it can happen, what it is about, and its steps.</summary>
internal sealed class StoryPlan
{
    internal static readonly string[] Columns = ["id", "places", "things", "beats"];
    private static readonly string[] Kinds =
        ["go", "home", "come", "place", "thing", "see", "feel", "verb", "want", "person", "give", "both", "hero", "friend", "because"];

    internal StoryPlan(Row row)
    {
        Id = row["id"];
        Places = row["places"].Split(' ');
        Things = row["things"].Split(' ');
        Beats = [.. row["beats"].Split(';').Select(cell => Parse(row, cell.Trim()))];
    }

    public string Id { get; }

    public IReadOnlyList<string> Places { get; }

    public IReadOnlyList<string> Things { get; }

    public IReadOnlyList<Beat> Beats { get; }

    /// <summary>Checks that every word is in the lexicon.</summary>
    public void Check(LexiconTables lexicon)
    {
        foreach (var noun in Places.Concat(Things))
            lexicon.Noun(noun);
        foreach (var beat in Beats.Where(beat => beat.Word.Length > 0 && beat.Kind != "feel"))
            lexicon.Verb(beat.Word);
        foreach (var adjective in Beats.Select(beat => beat.Kind == "feel" ? beat.Word : beat.Reason).Where(word => word.Length > 0))
            lexicon.Adjective(adjective);
    }

    private static Beat Parse(Row row, string cell)
    {
        var parts = cell.TrimStart('?').Split(' ');
        if (!Kinds.Contains(parts[0]))
            throw row.Bad("beats", string.Join(' ', Kinds));
        return new Beat(parts[0], parts.Length > 1 ? parts[1] : "", parts.Length > 2 ? parts[2] : "", cell[0] == '?');
    }
}
