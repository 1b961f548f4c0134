using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>
/// Documents of similar length, right-padded to one length: each document is seen alone, from position 0, as it is in use.
/// </summary>
/// <param name="Ids">[batch, pos] token ids, row by row</param>
/// <param name="Batch">number of documents</param>
/// <param name="Length">tokens per row, padding included</param>
/// <param name="Masked">[batch]: whether only the break token may look at the instruction or the solved examples of that document</param>
/// <param name="Roles">[batch, pos], row by row</param>
/// <param name="Rows">positions in the flattened batch whose next token counts in the loss</param>
/// <param name="Targets">the next token at each of these positions</param>
/// <param name="Tokens">number of tokens that are not padding</param>
internal sealed record TrainingBatch(
    int[] Ids, int Batch, int Length, bool[] Masked, Role[] Roles, long[] Rows, long[] Targets, int Tokens)
{
    /// <summary>
    /// Whether a token may look at another of its document: at earlier ones and itself; in masked documents the instruction and the
    /// solved examples are visible only to themselves and to the break token, so that what to do has to be gathered there.
    /// </summary>
    public bool Sees(int document, int query, int key) => key <= query && !(Masked[document]
        && Roles[document * Length + query] is (Role.Source or Role.Question or Role.Answer)
        && Roles[document * Length + key] is (Role.Instruction or Role.Shot or Role.ShotAnswer));
}
