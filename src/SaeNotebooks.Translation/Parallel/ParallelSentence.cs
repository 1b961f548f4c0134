namespace SaeNotebooks.Translation.Parallel;

/// <summary>A sentence and its translation.</summary>
/// <param name="Id">its name in the data</param>
/// <param name="Source">the sentence</param>
/// <param name="Target">its translation, the reference</param>
public sealed record ParallelSentence(string Id, string Source, string Target);

/// <summary>A line or record that is no pair of sentences, and why.</summary>
/// <param name="File">name of the file</param>
/// <param name="Line">its number, from 1</param>
/// <param name="Problem">what is wrong with it</param>
public sealed record BrokenLine(string File, int Line, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}, line {Line}: {Problem}";

    /// <summary>How much was read and how many lines were left out and which, in one line for a person.</summary>
    internal static string Summary(string name, int read, string unit, IReadOnlyList<BrokenLine> broken) => $"{name}: {read} {unit}"
        + (broken.Count == 0 ? "." : $", {broken.Count} broken {(broken.Count == 1 ? "line" : "lines")} left out: {string.Join("; ", broken.Take(5))}{(broken.Count > 5 ? "; …" : ".")}");
}

/// <summary>Parallel sentences of a pair of languages, with what of their files could not be read. Immutable.</summary>
/// <param name="Name">of the data, such as <c>en-fr.tsv</c></param>
/// <param name="SourceLanguage">code of the source language</param>
/// <param name="TargetLanguage">code of the target language</param>
/// <param name="Sentences">the pairs, in the file's order</param>
/// <param name="Broken">lines left out; whoever uses the sentences says so</param>
public sealed record ParallelCorpus(string Name, string SourceLanguage, string TargetLanguage, IReadOnlyList<ParallelSentence> Sentences, IReadOnlyList<BrokenLine> Broken)
{
    /// <summary>The sentences, if no line was left out.</summary>
    /// <exception cref="ParallelDataException">some lines are broken; the message counts them and names the first ones</exception>
    public IReadOnlyList<ParallelSentence> Whole => Broken.Count == 0 ? Sentences : throw new ParallelDataException(Summary);

    /// <summary>How many pairs there are, and how many lines were left out and which: one line for a person.</summary>
    public string Summary => BrokenLine.Summary(Name, Sentences.Count, "sentence pairs", Broken);

    /// <summary>The same sentences the other way round.</summary>
    public ParallelCorpus Reversed => this with
    {
        SourceLanguage = TargetLanguage, TargetLanguage = SourceLanguage, Sentences = [.. Sentences.Select(s => s with { Source = s.Target, Target = s.Source })],
    };

    /// <summary>Keeps pairs of which neither side is empty and no id comes twice, and notes the others as broken.</summary>
    internal static ParallelCorpus Of(string name, string source, string target, IEnumerable<(int Line, string File, ParallelSentence? Pair, string? Problem)> rows)
    {
        var (sentences, broken, ids) = (new List<ParallelSentence>(), new List<BrokenLine>(), new HashSet<string>());
        foreach (var (line, file, pair, problem) in rows)
            if ((problem ?? Problem(pair!, source, target, ids)) is { } wrong) broken.Add(new(file, line, wrong));
            else sentences.Add(pair!);
        return new(name, source, target, sentences, broken);
    }

    private static string? Problem(ParallelSentence pair, string source, string target, HashSet<string> ids) =>
        pair.Id.Length == 0 ? "the id is empty"
        : string.IsNullOrWhiteSpace(pair.Source) ? $"'{pair.Id}' has no {source} text"
        : string.IsNullOrWhiteSpace(pair.Target) ? $"'{pair.Id}' has no {target} text"
        : !ids.Add(pair.Id) ? $"the id '{pair.Id}' comes a second time"
        : null;
}

/// <summary>Parallel data that cannot be had; the message says what was asked for, what was found and what to do.</summary>
public sealed class ParallelDataException(string message, Exception? inner = null) : Exception(message, inner);
