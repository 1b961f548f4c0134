using System.Text.Json.Serialization;

namespace SaeNotebooks.Translation.Selection;

/// <summary>What is wrong with a training example.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Noise>))]
public enum Noise
{
    /// <summary>Nothing: the answer is the reference.</summary>
    None,

    /// <summary>The answer is a translation into a language that was not asked for.</summary>
    WrongLanguage,

    /// <summary>The answer is the source.</summary>
    Copied,

    /// <summary>The answer ends after 30 to 60 % of its words.</summary>
    Truncated,

    /// <summary>One noun of the answer is another one of its class.</summary>
    WrongSense,

    /// <summary>The words of the answer are shuffled.</summary>
    WordSalad,
}
