using System.Globalization;
using SaeNotebooks.Display;
using SaeNotebooks.Generation;

namespace SaeNotebooks.Steering.Judging;

/// <summary>Ratings of what a model writes at several doses of one edit: AxBench's steering score over a sweep.</summary>
/// <param name="Concept">what steering is to bring into the texts</param>
/// <param name="Judge">who rated</param>
/// <param name="Doses">the doses</param>
/// <param name="Ratings">[dose][prompt]</param>
/// <param name="Unedited">[prompt], without the edit</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record SteeringScores(string Concept, string Judge, IReadOnlyList<double> Doses, IReadOnlyList<IReadOnlyList<SteeringRating>> Ratings,
    IReadOnlyList<SteeringRating> Unedited) : IDisplayable
{
    /// <summary>Has every text of a sweep rated, the unedited ones too.</summary>
    /// <param name="texts">of <see cref="DoseSweep.Generate"/></param>
    /// <param name="concept">what steering is to bring into the texts, in words</param>
    /// <param name="judge">who rates</param>
    /// <param name="cancellation">gives up</param>
    public static async Task<SteeringScores> Of(DoseTexts texts, string concept, ISteeringJudge judge, CancellationToken cancellation = default)
    {
        var prompts = texts.Texts.Prompts;
        using var progress = Progress.Start($"Rating by {judge.Name}", (texts.Doses.Count + 1) * prompts.Count, "texts", cancellation: cancellation);
        var done = 0;
        async Task<IReadOnlyList<SteeringRating>> Rated(IReadOnlyList<GeneratedText> some)
        {
            var ratings = new List<SteeringRating>();
            foreach (var (prompt, text) in prompts.Zip(some))
            {
                progress.Cancellation.ThrowIfCancellationRequested();
                ratings.Add(await judge.Rate(prompt, concept, text, progress.Cancellation));
                progress.Report(++done);
            }
            return ratings;
        }
        var unedited = await Rated(texts.Texts.Unedited);
        var rated = new List<IReadOnlyList<SteeringRating>>();
        foreach (var edited in texts.Texts.Edited) rated.Add(await Rated(edited.Texts));
        return new(concept, judge.Name, texts.Doses, rated, unedited);
    }

    /// <summary>The score over the dose, or one of the ratings, paired with the unedited texts.</summary>
    /// <param name="name">what is shown</param>
    /// <param name="value">of a rating; by default its score</param>
    public DoseResponse Response(string name = "steering score (0 to 2)", Func<SteeringRating, double>? value = null)
    {
        value ??= r => r.Score;
        return new(name, Doses, [.. Ratings.Select(d => (IReadOnlyList<double>)[.. d.Select(value)])], [.. Unedited.Select(value)]);
    }

    /// <summary>AxBench's figure: the dose with the best mean score on every other prompt, the first among them, and its mean score on the others, which had no part in the choice.</summary>
    /// <exception cref="InvalidOperationException">there are fewer than two prompts or no doses</exception>
    public (double Dose, double Score) HeldOut()
    {
        if (Unedited.Count < 2 || Doses.Count == 0) throw new InvalidOperationException($"A dose is chosen on one half of the prompts and reported on the other; there are {Unedited.Count} prompts and {Doses.Count} doses.");
        double Mean(int dose, int half) => Ratings[dose].Index().Where(r => r.Index % 2 == half).Average(r => r.Item.Score);
        var best = Enumerable.Range(0, Doses.Count).MaxBy(dose => Mean(dose, 0));
        return (Doses[best], Mean(best, 1));
    }

    /// <inheritdoc/>
    public string ToHtml() => Response().ToFigure($"Steering towards “{Concept}”, rated by {Judge}").ToHtml();

    /// <inheritdoc/>
    public string ToText() => Show.Table(["dose", "score", "concept", "instruction", "fluency"],
        [Row("unedited", Unedited), .. Doses.Zip(Ratings, (dose, ratings) => Row(dose.ToString(CultureInfo.InvariantCulture), ratings))]).ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static IReadOnlyList<object?> Row(string name, IReadOnlyList<SteeringRating> ratings) =>
        [name, ratings.Average(r => r.Score), ratings.Average(r => r.Concept), ratings.Average(r => r.Instruction), ratings.Average(r => r.Fluency)];
}
