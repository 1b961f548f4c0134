using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Tests.Evaluation;

public class ModelEvaluationTests
{
    private static readonly ModelEvaluationOptions Small = new()
    {
        PromptsPerCell = 2, PromptsPerTask = 5, Stories = 2, TemplateDocuments = 300, LeakDocuments = 300, MaxNewTokens = 4,
    };

    private static readonly Lazy<ModelCard> Card = new(() => ModelEvaluation.Run(TinyModel.Model, "untrained", Corpora.Corpus, Small));

    [Fact]
    public void The_card_has_every_pair_wording_and_task()
    {
        var card = Card.Value;
        Assert.Equal(40, card.Pairs.Count);
        Assert.Equal([(true, true), (true, false), (false, true), (false, false)], card.Summary.Select(s => (s.PairSeen, s.WordingSeen)));
        Assert.Equal(80, card.Summary.Sum(s => s.Score.SetExact.Count));
        Assert.Equal(80, card.OffTask.Sum(r => r.Outcomes.Values.Sum()));
        Assert.All(card.Tasks, t => Assert.Equal(5, t.Outcomes.Values.Sum()));
        Assert.Equal(6, card.Tasks.Count);
        Assert.Equal(2, card.FewShot.Count);
    }

    [Fact]
    public void An_untrained_model_is_off_task_and_as_perplexed_as_its_vocabulary_is_large()
    {
        Assert.All(Card.Value.Summary, s => Assert.Equal(0, s.Score.SetExact.Value));
        Assert.All(Card.Value.Summary, s => Assert.InRange(s.Score.OffTask.Value, 0.9, 1));
        Assert.All(Card.Value.Perplexity, p => Assert.InRange(p.PerToken, 100, 2000));
        Assert.All(Card.Value.Perplexity, p => Assert.Equal(Math.Log(p.PerToken) * p.Tokens, Math.Log(p.PerWord) * p.Words, 1e-6));
    }

    [Fact]
    public void Held_out_pairs_have_no_template_to_copy() =>
        Assert.All(Card.Value.Summary, s => Assert.Equal(s.PairSeen, s.NearestTemplate is not null));

    [Fact]
    public void The_card_survives_the_way_through_JSON()
    {
        var json = CardFile.ToJson(Card.Value);
        Assert.Equal(json, CardFile.ToJson(CardFile.FromJson<ModelCard>(json)));
        Assert.Contains("\"strength\": \"Strong\"", json);
    }

    [Fact]
    public void The_same_seed_gives_the_same_card() =>
        Assert.Equal(CardFile.ToJson(Card.Value), CardFile.ToJson(ModelEvaluation.Run(TinyModel.Model, "untrained", Corpora.Corpus, Small)));

    [Fact]
    public void Markdown_tables_are_whole()
    {
        var lines = ModelCardMarkdown.Render(Card.Value).Split('\n');
        foreach (var (previous, line) in lines.Zip(lines.Skip(1)).Where(p => p.First.StartsWith('|') && p.Second.StartsWith('|')))
            Assert.Equal(previous.Count(c => c == '|'), line.Count(c => c == '|'));
        Assert.Contains("## Translation", lines);
    }

    [Fact]
    public void Writing_a_card_leaves_two_whole_files()
    {
        var folder = Directory.CreateTempSubdirectory("card-").FullName;
        CardFile.Write(folder, Card.Value, "# Card\n");
        Assert.Equal(["README.md", "card.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("untrained", CardFile.FromJson<ModelCard>(File.ReadAllText(Path.Combine(folder, "card.json"))).Model);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_training_sentence_is_found_and_a_test_sentence_is_not()
    {
        var trained = Enumerable.Range(0, 300).Select(i => Corpora.Corpus.Documents[i])
            .First(d => d is { Kind: DocumentKind.Instructed, Task: TaskKind.Translate, Shifted: false });
        var test = new PromptSampler(Corpora.Grammar, Corpora.Corpus.Wordings)
            .Translation(new Rng(9), (Language.English, Language.German), [Corpora.Corpus.Wordings["translate.en.01"]]);
        var leak = TestLeak.Search(Corpora.Corpus.Documents, 300, [trained, test]);
        Assert.Equal((4, 2, 1), (leak.TestSentences, leak.Found, leak.PairsFound));
        Assert.Equal(0, TestLeak.Search(Corpora.Corpus.Documents, 300, [test]).Found);
    }

    [Fact]
    public void The_nearest_template_of_a_training_source_is_its_own_translation()
    {
        var templates = NearestTemplate.Collect(Corpora.Corpus.Documents, 300);
        var trained = Enumerable.Range(0, 300).Select(i => Corpora.Corpus.Documents[i])
            .First(d => d is { Kind: DocumentKind.Instructed, Task: TaskKind.Translate, Shifted: false });
        Assert.Equal(Outcome.Right, Corpora.Judge.Judge(trained, templates.Answer(trained), ended: true));
    }
}
