namespace SaeNotebooks.Features.Interpretation.Lexical;

/// <summary>Where a latent is said to fire: on some tokens, or after them, or on any, where some labels hold.</summary>
/// <param name="Where">labels that must all hold</param>
/// <param name="At">which token must be one of <paramref name="Tokens"/></param>
/// <param name="Tokens">ids, the most telling first; null for any token</param>
internal sealed record LexicalRule(Scope Where, Offset At, IReadOnlyList<int>? Tokens)
{
    public bool Fires(LexicalCorpus corpus, int place) =>
        corpus.IsIn(place, Where) && (Tokens is null || Tokens.Contains(corpus.TokenAt(place, At)));

    /// <summary>For example <c>after “ the”, “ a” · language en</c>.</summary>
    public string Text(LexicalCorpus corpus)
    {
        List<string> parts = [];
        if (Tokens is not null)
            parts.Add((At == Offset.Previous ? "after " : "") + string.Join(", ", Tokens.Select(t => $"“{Display.TokenStrip.Visible(corpus.TextOf(t))}”")));
        foreach (var label in new[] { Where.First, Where.Second })
            if (label is { } l) parts.Add($"{corpus.Kinds[l.Kind].Name} {corpus.Kinds[l.Kind].Values[l.Value]}");
        return string.Join(" · ", parts);
    }
}
