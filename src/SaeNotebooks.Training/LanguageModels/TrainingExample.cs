namespace SaeNotebooks.Training.LanguageModels;

/// <summary>What a token is for; decides its weight in the loss and who may look at it.</summary>
public enum TokenRole : byte
{
    /// <summary>Running text, and the markers at the ends of a document.</summary>
    Text,

    /// <summary>Part of the wording that says what to do, or of an example in a few-shot prompt.</summary>
    Instruction,

    /// <summary>The sentence that the task is about.</summary>
    Source,

    /// <summary>The last token of the prompt, where the answer is about to begin.</summary>
    Break,

    /// <summary>The answer, with the end marker that closes it.</summary>
    Answer,
}

/// <summary>One tokenised document.</summary>
/// <param name="Ids">token ids, from the begin marker to the end marker</param>
/// <param name="Roles">one role per token</param>
public sealed record TrainingExample(int[] Ids, TokenRole[] Roles);

/// <summary>An endless, random-access stream of documents: the same index gives the same document on every machine.</summary>
public interface IExampleSource
{
    /// <summary>The document at an index from 0.</summary>
    TrainingExample this[long index] { get; }
}
