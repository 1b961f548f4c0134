using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>One tokenised document.</summary>
/// <param name="Ids">token ids, from the begin marker to the end marker</param>
/// <param name="Roles">what each token is for: it decides whether the token counts in the loss and who may look at it</param>
public sealed record TrainingExample(int[] Ids, Role[] Roles);

/// <summary>An endless, random-access stream of documents: the same index gives the same document on every machine.</summary>
public interface IExampleSource
{
    /// <summary>The document at an index from 0.</summary>
    TrainingExample this[long index] { get; }
}
