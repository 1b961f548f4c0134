using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;
using static SaeNotebooks.Training.Tasks.Role;

namespace SaeNotebooks.Training.Tests.LanguageModels;

/// <summary>Masks drawn by hand: a row for each token that looks, a column for each that is looked at.</summary>
public class AttentionMaskTests
{
    private static readonly Role[] Instructed = [Text, Instruction, Instruction, Source, Break, Answer];
    private static readonly Role[] FewShot = [Text, Shot, Shot, Source, Question, Break];

    [Fact]
    public void Without_a_mask_attention_is_causal() => AssertMask(Instructed, masked: false,
        "x.....",
        "xx....",
        "xxx...",
        "xxxx..",
        "xxxxx.",
        "xxxxxx");

    [Fact]
    public void With_it_only_the_break_and_the_instruction_itself_see_the_instruction() => AssertMask(Instructed, masked: true,
        "x.....",
        "xx....",
        "xxx...",
        "x..x..",
        "xxxxx.",
        "x..xxx");

    [Fact]
    public void Solved_examples_are_seen_by_themselves_and_the_break() => AssertMask(FewShot, masked: true,
        "x.....",
        "xx....",
        "xxx...",
        "x..x..",
        "x..xx.",
        "xxxxxx");

    [Fact]
    public void Each_document_of_a_batch_has_its_own()
    {
        var batch = new TrainingBatch(new int[12], 2, 6, [false, true], [.. Instructed, .. Instructed], [], [], 12);
        Assert.Equal(Drawn(Instructed, masked: false) + Drawn(Instructed, masked: true), Draw(batch));
    }

    private static void AssertMask(Role[] roles, bool masked, params string[] expected) =>
        Assert.Equal(string.Concat(expected), Drawn(roles, masked));

    private static string Drawn(Role[] roles, bool masked) =>
        Draw(new TrainingBatch(new int[roles.Length], 1, roles.Length, [masked], roles, [], [], roles.Length));

    private static string Draw(TrainingBatch batch) => string.Concat(
        from document in Enumerable.Range(0, batch.Batch)
        from query in Enumerable.Range(0, batch.Length)
        from key in Enumerable.Range(0, batch.Length)
        select batch.Sees(document, query, key) ? 'x' : '.');
}
