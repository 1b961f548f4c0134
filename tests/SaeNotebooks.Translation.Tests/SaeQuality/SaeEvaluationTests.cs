using SaeNotebooks.Saes;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.SaeQuality;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.SaeQuality;

public class SaeEvaluationTests
{
    private static readonly SaeEvaluationOptions Small = new() { Documents = 30, LeastCount = 3 };

    [Fact]
    public void An_exact_SAE_explains_and_recovers_everything()
    {
        using var sae = TinyModel.ExactSae(0);
        var card = Measure(sae);
        Assert.Equal(1, card.ExplainedVariance, 1e-6);
        Assert.Equal(card.AllTokens.Clean, card.AllTokens.Spliced, 1e-5);
        Assert.NotEqual(card.AllTokens.Clean, card.AllTokens.Zero, 1e-3);
        Assert.Equal(TinyModel.Width, card.L0, 0.01); // of each direction and its opposite one is active
        Assert.Equal(0, card.Dead, 0.1);
        Assert.Equal(card.Width, card.Density.Sum(b => b.Latents) + (int)Math.Round(card.Dead * card.Width));
    }

    [Fact]
    public void An_SAE_that_writes_nothing_explains_nothing_and_recovers_nothing()
    {
        using var sae = TinyModel.ExactSae(1);
        sae.Decoder.zero_();
        var card = Measure(sae);
        Assert.True(card.ExplainedVariance <= 0);
        Assert.Equal(card.AllTokens.Zero, card.AllTokens.Spliced, 1e-6);
    }

    [Fact]
    public void Explained_variance_is_taken_over_all_tokens_at_once()
    {
        using var sae = TinyModel.RandomSae(0);
        using var scope = NewDisposeScope();
        IReadOnlyList<int>[] documents = [.. Enumerable.Range(0, 20).Select(i => TinyModel.Model.Encode(Corpora.Corpus.Documents[i].Text))];
        var firing = Firing.Of(TinyModel.Model, sae, documents, CancellationToken.None);

        var x = cat([.. documents.Select(d =>
        {
            using var run = TinyModel.Model.Run(d.ToArray(), sae.Config.Hook);
            return run[sae.Config.Hook][0].narrow(0, 1, d.Count - 1).clone();
        })]);
        var expected = 1 - (x - sae.Reconstruct(x)).square().sum().item<float>() / (x - x.mean([0L])).square().sum().item<float>();
        Assert.Equal(expected, firing.Tally.Result().ExplainedVariance, 1e-4 * Math.Abs(expected));
        using var latents = sae.Encode(x);
        Assert.Equal(latents.L0(), firing.Tally.Result().L0, 1e-4);
        Assert.Equal(latents.At(0).Select(l => l.Latent).Order(), firing[0, 1].Order());
        Assert.Empty(firing[0, 0]);
    }

    [Fact]
    public void Only_tokens_of_answers_count_as_such()
    {
        using var sae = TinyModel.ExactSae(0);
        var card = Measure(sae);
        var documents = Enumerable.Range(0, Small.Documents).Select(i => Corpora.Corpus.Documents[Small.FirstDocument + i]).Where(d => d.Task is not null);
        Assert.Equal(documents.Sum(d => TinyModel.Model.Encode(d.Answer, bos: false).Count + 1), card.AnswerTokens.Tokens);
    }

    [Fact]
    public void Words_are_labelled_with_the_noun_that_the_sentence_means()
    {
        var document = Enumerable.Range(0, 2000).Select(i => Corpora.Corpus.Documents[i]).First(d => d is { Kind: DocumentKind.Instructed, Task: TaskKind.Repeat, Source: Language.English }
            && d.Meanings[0].Main.Subject is { IsCommon: true, Adjective: null, Number: Number.Singular });
        var labelled = LabelledDocument.Of(document, TinyModel.Model.Tokenizer!);
        Assert.Contains(document.Meanings[0].Main.Subject.Noun!.Id, labelled.WordEnds.Select(w => w.Concept));
        Assert.Equal(Role.Break, labelled.Roles[labelled.Break]);
        Assert.Equal(document.Text, TinyModel.Model.Tokenizer!.Decode(labelled.Ids[1..^1]));
        Assert.All(labelled.WordEnds, w => Assert.InRange(w.Token, 1, labelled.Ids.Length - 2));
    }

    [Fact]
    public void Cards_render_and_survive_JSON()
    {
        using var sae = TinyModel.ExactSae(0);
        var card = Measure(sae);
        var json = CardFile.ToJson(card);
        Assert.Equal(json, CardFile.ToJson(CardFile.FromJson<SaeCard>(json)));
        Assert.Contains("blocks.0.hook_resid_post", SaeCardMarkdown.Render([card]));
        var probe = card.Probes.First(p => p.Kind == "language");
        Assert.Contains("language: absorption", SaeCardMarkdown.Render([card with { Probes = [probe] }]));
        Assert.Contains($"({100 * probe.Absorption.Missed:0.0} %)", SaeCardMarkdown.Render([card with { Probes = [probe] }]));
        Assert.Equal(["language", "task", "concept"], card.Names.Select(n => n.Kind));
    }

    private static SaeCard Measure(Sae sae) => SaeEvaluation.Run(TinyModel.Model, Corpora.Corpus, [sae], Small)[0];
}
