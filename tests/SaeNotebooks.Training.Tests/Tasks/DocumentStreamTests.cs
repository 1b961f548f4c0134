using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.Tasks;

public class DocumentStreamTests
{
    private static IEnumerable<Document> Documents => Corpora.Documents;

    private static IEnumerable<Document> Tasks => Documents.Where(d => d.Kind != DocumentKind.Story);

    [Fact]
    public void Nothing_that_is_held_out_is_in_training()
    {
        Assert.All(Documents, d => Assert.DoesNotContain(d.Meanings, HeldOut.IsTest));
        Assert.All(Documents, d => Assert.False(HeldPairs.Contains(d.Source, d.Target)));
        Assert.All(Documents.Where(d => d.WordingId is not null), d => Assert.Equal(WordingSplit.Train, Corpora.Wordings[d.WordingId!].Split));
    }

    [Fact]
    public void Every_sentence_of_a_document_is_among_its_meanings()
    {
        foreach (var document in Documents.Take(3000))
        {
            var sentences = document.Meanings.Select(m => Corpora.Grammar.Realize(m, document.Source)).ToHashSet();
            var source = document.Segments.FirstOrDefault(s => s.Role is Role.Source or Role.Text)!.Text.Trim();
            foreach (var sentence in sentences.OrderByDescending(s => s.Length)) source = source.Replace(sentence, "");
            Assert.Equal("", source.Trim());
        }
    }

    [Fact]
    public void Prompts_end_with_the_one_line_break_and_answers_follow_it()
    {
        foreach (var document in Tasks)
        {
            Assert.Equal(document.Text, document.Prompt + document.Answer);
            Assert.EndsWith("\n", document.Prompt);
            Assert.NotEmpty(document.Answer);
            Assert.DoesNotContain('\n', document.Answer);
            Assert.Equal("\n", Assert.Single(document.Segments, s => s.Role == Role.Break).Text);
            var shots = document.Segments.Count(s => s.Role == Role.Shot);
            Assert.Equal(2 * shots + 1, document.Text.Count(c => c == '\n'));
            Assert.Equal(document.Kind == DocumentKind.FewShot, shots is 2 or 3);
        }
        Assert.All(Documents.Except(Tasks), d => Assert.DoesNotContain('\n', d.Text));
    }

    [Fact]
    public void Stretches_begin_where_tokens_begin()
    {
        foreach (var document in Documents)
            Assert.Equal(Words(document.Text), document.Segments.SelectMany(s => Words(s.Text)));

        static IEnumerable<string> Words(string text) => WordCounts.WordRegex().Matches(text).Select(m => m.Value);
    }

    [Fact]
    public void Answers_carry_out_the_task()
    {
        foreach (var document in Tasks)
        {
            var source = document.Segments.Single(s => s.Role == Role.Source).Text.TrimStart();
            var told = document.Meanings.Where(m => source.Contains(Corpora.Grammar.Realize(m, document.Source), StringComparison.Ordinal));
            var translated = told.Select(m => Corpora.Grammar.Realize(m, document.Target));
            if (document.AnswerTask == TaskKind.Repeat) Assert.Equal(source, document.Answer);
            if (document.AnswerTask == TaskKind.Translate) Assert.Contains(translated, t => document.Answer.Contains(t, StringComparison.Ordinal));
            if (document.AnswerTask == TaskKind.Continue) Assert.Equal(Corpora.Grammar.Realize(document.Meanings[^1], document.Source), document.Answer);
            Assert.Equal(document.AnswerTask == TaskKind.Translate ? document.Target : document.Source, document.AnswerLanguage);
        }
    }

    [Fact]
    public void Shares_are_those_of_the_mixture()
    {
        var mixture = new Mixture();
        AssertShare(mixture.Story, Documents, d => d.Kind == DocumentKind.Story);
        AssertShare(mixture.Translate, Documents, d => d.Task == TaskKind.Translate);
        AssertShare(mixture.Repeat, Documents, d => d.Task == TaskKind.Repeat);
        AssertShare(mixture.Continue, Documents, d => d.Task == TaskKind.Continue);
        AssertShare(mixture.Answer, Documents, d => d.Task == TaskKind.Answer);
        AssertShare(mixture.FewShot, Tasks, d => d.Kind == DocumentKind.FewShot);
        AssertShare(mixture.Shift, Tasks.Where(d => d.Kind == DocumentKind.Instructed), d => d.Shifted);
        Assert.All(Languages.All, language => AssertShare(0.2, Documents, d => d.Source == language));
        Assert.All(Languages.All, language => AssertShare(0.2, Tasks.Where(d => d.WordingId is not null),
            d => Corpora.Wordings[d.WordingId!].Language == language));
    }

    [Fact]
    public void Every_trained_wording_and_language_pair_occurs()
    {
        var used = Documents.Select(d => d.WordingId).ToHashSet();
        Assert.All(Corpora.Wordings.Where(split: WordingSplit.Train), w => Assert.Contains(w.Id, used));
        Assert.Equal(20 - HeldPairs.All.Count,
            Documents.Where(d => d.AnswerTask == TaskKind.Translate).Select(d => (d.Source, d.Target)).Distinct().Count());
    }

    [Fact]
    public void A_tag_is_mostly_followed_by_a_translation_but_not_always()
    {
        var tagged = Tasks.Where(d => d.WordingId is { } id && Corpora.Wordings[id].Strength == Strength.Tag).ToList();
        var share = tagged.Count(d => d.AnswerTask == TaskKind.Translate) / (double)tagged.Count;
        Assert.InRange(share, 0.5, 0.85);
    }

    [Fact]
    public void A_document_depends_on_seed_and_index_alone()
    {
        var again = Corpora.Stream(Corpora.Seed);
        foreach (var i in new[] { 19_999, 3, 777, 3, 12_345 }) Assert.Equal(Corpora.Documents[i].Text, again[i].Text);
        Assert.NotEqual(Corpora.Documents[3].Text, Corpora.Stream(Corpora.Seed + 1)[3].Text);
        Assert.Throws<ArgumentOutOfRangeException>(() => again[-1]);
    }

    [Fact]
    public void An_impossible_mixture_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Corpora.Stream(1, new Mixture { Translate = -1 }));
        Assert.Throws<ArgumentException>(() => Corpora.Stream(1, new Mixture { Shift = 1.5 }));
        Assert.Throws<ArgumentException>(() => Corpora.Stream(1, new Mixture { StoryFrom = 5, StoryTo = 4 }));
        Assert.Throws<ArgumentException>(() => Corpora.Stream(1, new Mixture { Translate = 0, Repeat = 0, Continue = 0, Answer = 0, Story = 0 }));
    }

    /// <summary>Within four standard deviations of a binomial share.</summary>
    private static void AssertShare(double expected, IEnumerable<Document> among, Func<Document, bool> having)
    {
        var all = among.ToList();
        var slack = 4 * Math.Sqrt(expected * (1 - expected) / all.Count);
        Assert.InRange(all.Count(having) / (double)all.Count, expected - slack, expected + slack);
    }
}
