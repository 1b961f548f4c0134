using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Study;

/// <summary>
/// Generations as the authors' code lays them out, for whoever scores them with other tools: <c>{model}/{pair}_edit/l{layer}_p{latent}/v{factor}_{wording}/</c>
/// with <c>{model}.original</c> and <c>{model}.modified</c>, lines of pair, source and answer with tabs between them.
/// </summary>
internal static class AnswerFiles
{
    /// <param name="folder">made if it is missing</param>
    /// <param name="model">the model's name</param>
    /// <param name="prompts">what was answered</param>
    /// <param name="plain">unedited answers</param>
    /// <param name="edited">answers with one latent multiplied</param>
    public static void Write(string folder, string model, IReadOnlyList<TranslationPrompt> prompts, AnswerSet plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> edited)
    {
        var cells = prompts.Index().GroupBy(p => (p.Item.Setting.From, p.Item.Setting.To, p.Item.Wording), p => p.Index).ToList();
        foreach (var e in edited.DistinctBy(e => (e.Latent.Id, e.Factor)))
            foreach (var cell in cells)
            {
                var (from, to, wording) = cell.Key;
                var at = Path.Combine(folder, model, $"{from}-{to}_edit", $"l{e.Latent.Id.Layer}_p{e.Latent.Id.Latent}", FormattableString.Invariant($"v{e.Factor}_{wording}"));
                string Lines(AnswerSet answers) => string.Concat(cell.Select(i => $"{from}-{to}\t{OneLine(prompts[i].SourceText)}\t{OneLine(answers.Texts[i])}\n"));
                CardFile.WriteWhole(Path.Combine(at, model + ".original"), Lines(plain));
                CardFile.WriteWhole(Path.Combine(at, model + ".modified"), Lines(e.Answers));
            }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
}
