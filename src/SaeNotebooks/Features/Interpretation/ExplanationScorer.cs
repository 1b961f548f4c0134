using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>A text that is shown to the judge.</summary>
/// <param name="Text">as the judge reads it</param>
/// <param name="IsTrue">whether it should be picked</param>
internal readonly record struct Statement(string Text, bool IsTrue);

/// <summary>
/// Scores an explanation by what a language model that knows only the explanation can tell with it (Paulo et al. 2024, "Automatically
/// Interpreting Millions of Features in Large Language Models"). Examples must not be those that the explanation was made from.
/// </summary>
public abstract class ExplanationScorer
{
    private const int PerQuestion = 5;

    /// <summary>detection or fuzzing.</summary>
    public abstract string Method { get; }

    /// <summary>What the judge is told to do.</summary>
    private protected abstract string Task { get; }

    /// <summary>What is shown, in any order.</summary>
    private protected abstract IEnumerable<Statement> Statements(IReadOnlyList<Example> active, IReadOnlyList<Example> silent, Random random);

    /// <summary>Scores an explanation.</summary>
    /// <param name="judge">who judges</param>
    /// <param name="explanation">what is judged</param>
    /// <param name="active">held-out examples on which the latent is active</param>
    /// <param name="silent">held-out examples on which it is not; fuzzing does without</param>
    /// <param name="seed">of the order in which texts are shown, and of false marks</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="ArgumentException">there are no examples of one of the kinds</exception>
    /// <exception cref="LanguageModelException">the judge cannot be asked</exception>
    public async Task<ExplanationScore> Score(ILanguageModel judge, string explanation, IReadOnlyList<Example> active, IReadOnlyList<Example> silent, int seed = 0,
        CancellationToken cancellation = default)
    {
        var random = new Random(seed);
        Statement[] statements = [.. Statements(active, silent, random)];
        if (!statements.Any(s => s.IsTrue) || statements.All(s => s.IsTrue))
            throw new ArgumentException($"{Method} needs held-out examples on which the latent is active, and texts to tell them from; there are {active.Count} and {silent.Count}.");
        random.Shuffle(statements);
        var verdicts = new List<(bool IsTrue, bool? IsPicked)>();
        foreach (var batch in statements.Chunk(PerQuestion))
        {
            var picked = await Judge(judge, explanation, batch, cancellation) ?? await Judge(judge, explanation, batch, cancellation);
            verdicts.AddRange(batch.Select((s, i) => (s.IsTrue, picked?[i])));
        }
        return Tally(verdicts);
    }

    /// <summary>One question's prompt.</summary>
    internal Chat Prompt(string explanation, IReadOnlyList<Statement> statements)
    {
        var text = new StringBuilder($"Explanation: {explanation}\n\n");
        foreach (var (i, statement) in statements.Index()) text.Append($"Text {i + 1}: {statement.Text}\n");
        text.Append($"\nAnswer with a JSON array of {statements.Count} numbers, 1 for yes and 0 for no, one for each text in order, and with nothing else.");
        return new Chat().System(Task).User(text.ToString());
    }

    /// <summary>The verdicts in an answer: its last JSON array, if it is as long as it should be; else null.</summary>
    internal static bool[]? Verdicts(string answer, int count)
    {
        var (start, end) = (answer.LastIndexOf('['), answer.LastIndexOf(']'));
        if (start < 0 || end < start) return null;
        try
        {
            if (JsonNode.Parse(answer[start..(end + 1)]) is not JsonArray array || array.Count != count) return null;
            var verdicts = array.Select(v => v?.ToJsonString() switch { "1" or "true" => true, "0" or "false" => false, _ => (bool?)null }).ToArray();
            return verdicts.All(v => v is not null) ? [.. verdicts.Select(v => v!.Value)] : null;
        }
        catch (JsonException) { return null; }
    }

    private async Task<bool[]?> Judge(ILanguageModel judge, string explanation, Statement[] batch, CancellationToken cancellation) =>
        Verdicts(await judge.Answer(Prompt(explanation, batch), cancellation: cancellation), batch.Length);

    private ExplanationScore Tally(List<(bool IsTrue, bool? IsPicked)> verdicts)
    {
        double Share(bool isTrue) => verdicts.Where(v => v.IsTrue == isTrue && v.IsPicked is not null)
            .Select(v => v.IsPicked == isTrue ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
        return new(Method, Share(true), Share(false), verdicts.Count(v => v.IsPicked is not null), verdicts.Count(v => v.IsPicked is null));
    }
}

/// <summary>Detection: from the explanation alone, does the latent fire anywhere in this text? Half of the texts hold a firing.</summary>
public sealed class DetectionScorer : ExplanationScorer
{
    /// <inheritdoc/>
    public override string Method => "detection";

    private protected override string Task => """
        One unit of a neural network is described by an explanation. For each text, say whether the unit is active on at least one token of it,
        going by the explanation alone.
        """;

    private protected override IEnumerable<Statement> Statements(IReadOnlyList<Example> active, IReadOnlyList<Example> silent, Random random) =>
        [.. active.Select(e => new Statement(MarkedText.Plain(e), true)), .. silent.Select(e => new Statement(MarkedText.Plain(e), false))];
}

/// <summary>Fuzzing: are the marked tokens those on which the latent fires? In half of the texts as many other tokens are marked.</summary>
public sealed class FuzzingScorer : ExplanationScorer
{
    /// <inheritdoc/>
    public override string Method => "fuzzing";

    private protected override string Task => """
        One unit of a neural network is described by an explanation. In each text some tokens stand between << and >>. Say whether these are the
        tokens on which the unit is active, going by the explanation alone. In some texts the marks have been put on other tokens.
        """;

    /// <summary>Every other active example gets its marks on tokens where the latent is silent; one without room for that keeps them.</summary>
    private protected override IEnumerable<Statement> Statements(IReadOnlyList<Example> active, IReadOnlyList<Example> silent, Random random)
    {
        foreach (var (i, example) in active.Index())
        {
            int[] places = [.. example.Activations.Index().Where(a => a.Item <= 0 && example.Tokens[a.Index].Text.Trim().Length > 0).Select(a => a.Index)];
            var count = example.Activations.Count(a => a > 0);
            if (i % 2 == 0 || places.Length < count) yield return new(MarkedText.Marked(example), true);
            else
            {
                random.Shuffle(places);
                var marked = places.Take(count).ToHashSet();
                yield return new(MarkedText.Marked(example, marked.Contains), false);
            }
        }
    }
}
