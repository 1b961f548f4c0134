using System.Text;

namespace SaeNotebooks.Training.Corpus;

/// <summary>The words of a sentence under construction; a comma is a word of its own.</summary>
internal sealed class Draft(bool tenseMarked = true)
{
    private const string CommaWord = ",";

    /// <summary>The words so far.</summary>
    public List<string> Words { get; } = new(24);

    /// <summary>Whether Vietnamese marks tense in this sentence.</summary>
    public bool TenseMarked { get; } = tenseMarked;

    /// <summary>A noun phrase whose relative clause waits for the end of the clause.</summary>
    public NounPhrase? Postponed { get; set; }

    /// <summary>Adds the words of a phrase; null and empty add nothing.</summary>
    public Draft Add(string? phrase)
    {
        if (string.IsNullOrEmpty(phrase))
            return this;
        if (phrase.Contains(' '))
            Words.AddRange(phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        else
            Words.Add(phrase);
        return this;
    }

    /// <summary>Adds a comma, unless one is there already or nothing is.</summary>
    public Draft Comma()
    {
        if (Words.Count > 0 && Words[^1] != CommaWord)
            Words.Add(CommaWord);
        return this;
    }

    /// <summary>Joins the words: a capital first, no space before a comma or after an apostrophe, and no comma at the end.</summary>
    public string Typeset(string open, string close)
    {
        var text = new StringBuilder(open, 96);
        var last = Words.Count > 0 && Words[^1] == CommaWord ? Words.Count - 1 : Words.Count;
        for (var i = 0; i < last; i++)
        {
            if (i > 0 && Words[i] != CommaWord && Words[i - 1][^1] != '\'')
                text.Append(' ');
            text.Append(Words[i]);
        }
        if (text.Length > open.Length)
            text[open.Length] = char.ToUpperInvariant(text[open.Length]);
        return text.Append(close).ToString();
    }
}

/// <summary>The phrase of a clause that is left out, because a relative pronoun or a question word stands for it.</summary>
internal enum Gap
{
    None,
    Subject,
    Object,
    Place,
    Time,
}
