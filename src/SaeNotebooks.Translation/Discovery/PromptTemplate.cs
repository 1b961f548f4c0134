using System.Text.RegularExpressions;

namespace SaeNotebooks.Translation.Discovery;

/// <summary>
/// A wording with the slots <c>{src}</c> and <c>{tgt_lang}</c>, which knows where it has filled them in: a language code such as <c>ar</c> may also
/// occur in the source ("are"), so searching the text for it finds the wrong place.
/// </summary>
public sealed partial class PromptTemplate
{
    private readonly string[] _parts; // texts and slot names, in their order

    /// <param name="id">the wording's name</param>
    /// <param name="text">with each of the two slots once</param>
    /// <exception cref="FormatException">a slot is missing, twice there or unknown</exception>
    public PromptTemplate(string id, string text)
    {
        (Id, Text) = (id, text);
        _parts = [.. Slot().Split(text).Where(p => p.Length > 0)];
        var slots = _parts.Where(p => p[0] == '{').ToList();
        if (slots.Count != 2 || !slots.Contains("{src}") || !slots.Contains("{tgt_lang}"))
            throw new FormatException($"The wording '{id}' must hold {{src}} and {{tgt_lang}} once each; it is '{text}'.");
    }

    /// <summary>The wording's name.</summary>
    public string Id { get; }

    /// <summary>The wording with its slots.</summary>
    public string Text { get; }

    /// <summary>Fills the slots.</summary>
    /// <param name="source">the text to translate; not empty</param>
    /// <param name="language">what the target language is called, or its code</param>
    /// <param name="answer">the reference as it follows the prompt, with a space before it if there is to be one</param>
    /// <param name="setting">the languages</param>
    /// <exception cref="ArgumentException">the source is empty: there would be nothing to translate</exception>
    public TranslationPrompt Fill(string source, string language, string answer, Setting setting)
    {
        if (string.IsNullOrWhiteSpace(source)) throw new ArgumentException($"The source of a prompt into {setting.To} is empty; leave such rows out.", nameof(source));
        var (text, places) = ("", new Dictionary<string, TextSpan>());
        foreach (var part in _parts)
        {
            var filled = part switch { "{src}" => source, "{tgt_lang}" => language, _ => part };
            places[part] = new(text.Length, text.Length + filled.Length);
            text += filled;
        }
        return new() { Text = text, Answer = answer, Source = places["{src}"], Language = places["{tgt_lang}"], Wording = Id, Setting = setting };
    }

    [GeneratedRegex(@"(\{[^{}]*\})")]
    private static partial Regex Slot();
}
