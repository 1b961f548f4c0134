using static TorchSharp.torch;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>
/// Documents of similar length, right-padded to one length: each document is seen alone, from position 0, as it is in use.
/// </summary>
/// <param name="Ids">[batch, pos] token ids, row by row</param>
/// <param name="Batch">number of documents</param>
/// <param name="Length">tokens per row, padding included</param>
/// <param name="Masked">[batch]: whether only the break token may look at the instruction in that document</param>
/// <param name="Roles">[batch, pos], row by row</param>
/// <param name="Rows">positions in the flattened batch whose next token counts in the loss</param>
/// <param name="Targets">the next token at each of these positions</param>
/// <param name="Tokens">number of tokens that are not padding</param>
internal sealed record TrainingBatch(
    int[] Ids, int Batch, int Length, bool[] Masked, TokenRole[] Roles, long[] Rows, long[] Targets, int Tokens)
{
    /// <summary>[batch, pos] int64.</summary>
    public Tensor IdTensor() => tensor(Ids, Batch, Length).to(int64);

    /// <summary>
    /// [batch, 1, pos, pos], true where the row may attend to the column: causal, and in masked documents the instruction is
    /// visible only to itself and to the break token, so that what to do has to be gathered there.
    /// </summary>
    public Tensor AttentionMask()
    {
        var allowed = new bool[Batch * Length * Length];
        for (var b = 0; b < Batch; b++)
            for (var i = 0; i < Length; i++)
            {
                var blind = Masked[b] && Roles[b * Length + i] is (TokenRole.Source or TokenRole.Answer);
                for (var j = 0; j <= i; j++)
                    allowed[(b * Length + i) * Length + j] = !blind || Roles[b * Length + j] != TokenRole.Instruction;
            }
        return tensor(allowed, Batch, 1, Length, Length);
    }
}
