using System.Text.RegularExpressions;
using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>What a wording is filled in with.</summary>
/// <param name="Source">the sentence</param>
/// <param name="From">the sentence's language</param>
/// <param name="To">the other language that is named</param>
/// <param name="Question">a question about the sentence, for the answer task</param>
public sealed record Slots(string Source, Language From, Language To, string? Question = null);

/// <summary>
/// A wording's text with its slots: <c>{src}</c>, <c>{question}</c>, and names of languages such as <c>{target.into}</c> or
/// <c>{Source.adj}</c> (with a capital).
/// </summary>
internal sealed partial class Template
{
    private readonly IReadOnlyList<Part> _parts;

    private Template(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>Whether a language beside the source's is named.</summary>
    public bool NamesTarget => _parts.Any(p => p.Slot == "target");

    /// <summary>Whether a question has to be filled in.</summary>
    public bool HasQuestion => _parts.Any(p => p.Slot == "question");

    /// <summary>The template, or null if it has no source, or braces that are no slot.</summary>
    public static Template? Parse(string text)
    {
        var parts = SlotOrText().Matches(text).Select(Part.Of).ToList();
        var valid = parts.All(p => p.IsValid) && parts.Count(p => p.Slot == "src") == 1 && parts.Count(p => p.Slot == "question") <= 1;
        return valid ? new Template(parts) : null;
    }

    /// <summary>The filled-in wording in stretches: instruction, source, question.</summary>
    public IReadOnlyList<Segment> Fill(Slots slots, Language language, LanguageNames names)
    {
        var segments = new List<Segment>();
        var carried = "";
        foreach (var part in _parts)
        {
            var text = carried + part.Text(slots, language, names);
            var trimmed = text.TrimEnd(' ');
            // A word's token begins with the space before it, so the space goes to the stretch that follows.
            carried = text[trimmed.Length..];
            if (segments.Count > 0 && segments[^1].Role == part.Role) segments[^1] = new(part.Role, segments[^1].Text + trimmed);
            else if (trimmed.Length > 0) segments.Add(new(part.Role, trimmed));
        }
        return segments;
    }

    /// <summary>Where the filled-in wording first names the target: its first character and the one after its last; null if it does not.</summary>
    public (int Start, int End)? PlaceOfTarget(Slots slots, Language language, LanguageNames names)
    {
        var at = 0;
        foreach (var part in _parts)
        {
            var text = part.Text(slots, language, names);
            if (part.Slot == "target") return (at, at + text.Length);
            at += text.Length;
        }
        return null;
    }

    [GeneratedRegex(@"\{(?<slot>[^{}.]*)(\.(?<form>[^{}]*))?\}|(?<text>[^{}]+|[{}])")]
    private static partial Regex SlotOrText();

    /// <summary>Literal text (no slot), or a slot with the form of a language's name.</summary>
    private sealed record Part(string? Slot, string Form, string Literal, bool Capital)
    {
        public static Part Of(Match match)
        {
            if (match.Groups["text"].Success) return new(null, "", match.Value, false);
            var slot = match.Groups["slot"].Value;
            return new(slot.ToLowerInvariant(), match.Groups["form"].Value, "", slot.Length > 0 && char.IsUpper(slot[0]));
        }

        public bool IsValid => Slot switch
        {
            null => Literal is not ("{" or "}"),
            "src" or "question" => Form == "" && !Capital,
            "source" or "target" => LanguageNames.HasForm(Form),
            _ => false,
        };

        public Role Role => Slot switch { "src" => Role.Source, "question" => Role.Question, _ => Role.Instruction };

        public string Text(Slots slots, Language language, LanguageNames names)
        {
            var text = Slot switch
            {
                null => Literal,
                "src" => slots.Source,
                "question" => slots.Question ?? throw new ArgumentException("This wording asks a question about its source; give one.", nameof(slots)),
                _ => names[language, Slot == "source" ? slots.From : slots.To, Form],
            };
            return Capital ? char.ToUpperInvariant(text[0]) + text[1..] : text;
        }
    }
}
