using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public class NoisyPoolTests
{
    private static readonly Lazy<IReadOnlyList<PoolExample>> Pool = new(() => NoisyPool.Draw(Corpora.Corpus, 600, 0.5, seed: 3));

    [Fact]
    public void Noise_has_its_share_and_every_kind_too()
    {
        Assert.InRange(Pool.Value.Count(e => e.Noise != Noise.None), 250, 350);
        Assert.All(Enum.GetValues<Noise>().Where(n => n != Noise.None), n => Assert.InRange(Pool.Value.Count(e => e.Noise == n), 35, 90));
        Assert.All(NoisyPool.Draw(Corpora.Corpus, 30, 0, seed: 3), e => Assert.Equal(e.Reference, e.Document.Answer));
    }

    [Fact]
    public void An_answer_is_wrong_in_the_way_that_is_said()
    {
        foreach (var (document, reference, noise) in Pool.Value)
        {
            var (answer, meaning) = (document.Answer, document.Meanings[^1]);
            string In(Language language) => Corpora.Grammar.Realize(meaning, language);
            string[] Words(string text) => text.Split(' ');
            Assert.True(noise switch
            {
                Noise.None => answer == reference,
                Noise.WrongLanguage => Languages.All.Any(l => l != document.Source && l != document.Target && In(l) == answer),
                Noise.Copied => answer == In(document.Source),
                Noise.Truncated => reference.StartsWith(answer, StringComparison.Ordinal) && Words(answer).Length < Words(reference).Length,
                Noise.WrongSense => Words(answer).Intersect(Words(reference)).Any() && !Corpora.Grammar.Translations(meaning, document.Target, document.Target).Contains(answer),
                Noise.WordSalad => Words(answer).Order().SequenceEqual(Words(reference).Order()) && answer != reference,
                _ => false,
            }, $"{noise}: '{answer}' for '{reference}'");
            Assert.Equal(TaskKind.Translate, document.Task);
            Assert.Equal(reference, In(document.Target));
        }
    }

    [Fact]
    public void The_seed_decides_everything() =>
        Assert.Equal(NoisyPool.Draw(Corpora.Corpus, 20, 0.5, 9).Select(e => e.Document.Text), NoisyPool.Draw(Corpora.Corpus, 20, 0.5, 9).Select(e => e.Document.Text));
}
