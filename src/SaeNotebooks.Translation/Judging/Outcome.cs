using System.Text.Json.Serialization;

namespace SaeNotebooks.Translation.Judging;

/// <summary>What became of an answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>One of the right answers; of a continuation, any new sentence in the source's language.</summary>
    Right,

    /// <summary>On task and in the right language, but with other words.</summary>
    WrongWords,

    /// <summary>The source sentence, or nearly, where something else was asked for.</summary>
    SourceCopied,

    /// <summary>Another text in the source's language: a continuation, an answer.</summary>
    SameLanguage,

    /// <summary>A text in a language that was not asked for, or in none.</summary>
    OtherLanguage,

    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>It did not end within the tokens allowed, or goes round in circles.</summary>
    NeverEnded,
}

/// <summary>Facts about outcomes.</summary>
public static class Outcomes
{
    /// <summary>Whether the model did something else than it was asked for: neither right nor merely wrong words.</summary>
    public static bool IsOffTask(this Outcome outcome) => outcome is not (Outcome.Right or Outcome.WrongWords);
}
