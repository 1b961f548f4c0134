using System.Globalization;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Selection;

/// <summary>One selection: by which strategy, how much, with which seed.</summary>
public sealed record Pick(Strategy Strategy, double Budget, int Seed)
{
    /// <summary>Of its file: <c>LeastActive-20-1.jsonl</c>, the budget in percent.</summary>
    public string FileName => FormattableString.Invariant($"{Strategy}-{100 * Budget:0.##}-{Seed}.jsonl");
}

/// <summary>Writes selections for fine-tuning, and a table of what each holds.</summary>
/// <param name="selection">from which is selected</param>
/// <param name="prompt">the wording of the examples</param>
/// <param name="language">what it calls the target language</param>
/// <param name="format">the keys of a line</param>
public sealed class SelectionExport(PoolSelection selection, PromptTemplate prompt, string language, SftFormat format)
{
    /// <summary>Writes a file for each selection, and <c>selection.csv</c>; all selections are made before anything is written.</summary>
    /// <exception cref="ArgumentException">a selection cannot be made; see <see cref="PoolSelection.Select"/></exception>
    public void Write(string folder, IReadOnlyList<Pick> picks)
    {
        var chosen = picks.Select(p => selection.Select(p.Strategy, p.Budget, (ulong)p.Seed)).ToList();
        foreach (var (pick, examples) in picks.Zip(chosen)) SftExport.Write(Path.Combine(folder, pick.FileName), examples.Select(i => selection.Pairs[i]), prompt, language, format);
        CardFile.WriteWhole(Path.Combine(folder, "selection.csv"),
            string.Concat(picks.Zip(chosen, Row).Prepend("file,strategy,budget,seed,examples,good_enough,mean_comet,mean_ppl,mean_activation\n")));
    }

    private string Row(Pick pick, IReadOnlyList<int> chosen)
    {
        var pairs = chosen.Select(i => selection.Pairs[i]).ToList();
        var comet = pairs[0].Comet is null ? "" : pairs.Average(p => p.Comet!.Value).ToString("G6", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{pick.FileName},{Strategies.Name(pick.Strategy)},{pick.Budget},{pick.Seed},{pairs.Count},{pairs.Count(p => (p.Comet ?? 0) >= selection.Threshold)},{comet},{pairs.Average(p => p.Ppl!.Value):G6},{chosen.Average(selection.Activation):G6}\n");
    }
}
