using SaeNotebooks.Features;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Harvest.Corpora;

/// <summary>Documents to harvest, numbered from 0, the same in every run and on every machine.</summary>
public interface ICorpus
{
    /// <summary>What is read, in words; of two corpora that say the same, every document is the same.</summary>
    string Identity { get; }

    /// <summary>How tokens are labelled; empty where they are not.</summary>
    IReadOnlyList<LabelKind> Kinds { get; }

    /// <summary>How many documents there are; null if that is only known at the end.</summary>
    long? Count { get; }

    /// <summary>The documents of a number and all that follow, in their order. What is expensive about a document is left to
    /// <see cref="ICorpusDocument.Read"/>.</summary>
    IEnumerable<ICorpusDocument> From(long first, CancellationToken cancellation = default);
}

/// <summary>One document of a corpus.</summary>
public interface ICorpusDocument
{
    /// <summary>Its tokens, with BOS where the tokenizer begins with it.</summary>
    LabelledTokens Read(ITokenizer tokenizer);
}

/// <summary>A document as tokens.</summary>
/// <param name="Ids">token ids; may be empty</param>
/// <param name="Labels">by kind, the label of each token, 255 for none; as many as the corpus has kinds</param>
public sealed record LabelledTokens(IReadOnlyList<int> Ids, IReadOnlyList<byte[]> Labels);
