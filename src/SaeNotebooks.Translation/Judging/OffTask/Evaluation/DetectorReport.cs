using System.Globalization;
using System.Text;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Judging.OffTask.Evaluation;

/// <summary>How often a detector and a person agree.</summary>
/// <param name="Both">both find the kind</param>
/// <param name="DetectorOnly">a false alarm</param>
/// <param name="PersonOnly">a miss</param>
/// <param name="Neither">neither finds it</param>
public sealed record Agreement(int Both, int DetectorOnly, int PersonOnly, int Neither)
{
    /// <summary>The share of the detector's finds that are right; null if it found none.</summary>
    public double? Precision => Both + DetectorOnly > 0 ? (double)Both / (Both + DetectorOnly) : null;

    /// <summary>The share of what is to be found that the detector finds; null if there is none.</summary>
    public double? Recall => Both + PersonOnly > 0 ? (double)Both / (Both + PersonOnly) : null;

    /// <summary>Counts pairs.</summary>
    public static Agreement Of(IEnumerable<(bool Person, bool Detector)> pairs)
    {
        var counts = pairs.CountBy(p => p).ToDictionary();
        return new(counts.GetValueOrDefault((true, true)), counts.GetValueOrDefault((false, true)), counts.GetValueOrDefault((true, false)), counts.GetValueOrDefault((false, false)));
    }
}

/// <summary>The detectors' precision and recall on a labelled set.</summary>
public sealed record DetectorReport
{
    /// <summary>Every output with what the detectors found.</summary>
    public required IReadOnlyList<(LabelledOutput Labelled, OffTaskKinds Found)> Outputs { get; init; }

    /// <summary>Runs the detectors.</summary>
    public static DetectorReport Measure(IReadOnlyList<LabelledOutput> outputs)
    {
        var detectors = outputs.Select(o => o.Target).Distinct().ToDictionary(t => t, t => new OffTaskDetector(t));
        return new() { Outputs = [.. outputs.Select(o => (o, detectors[o.Target].Detect(o.Output, o.Source)))] };
    }

    /// <summary>Agreement on one kind, or on whether anything is wrong for <see cref="OffTaskKinds.None"/>.</summary>
    public Agreement On(OffTaskKinds kind, bool heldOut) => Agreement.Of(Outputs.Where(o => o.Labelled.HeldOut == heldOut)
        .Select(o => kind == OffTaskKinds.None ? (o.Labelled.Labels != 0, o.Found != 0) : (o.Labelled.Labels.HasFlag(kind), o.Found.HasFlag(kind))));

    /// <summary>Tables by kind, and every disagreement on the held-out part.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var heldOut in new[] { true, false })
        {
            text.AppendLine($"{(heldOut ? "Held-out" : "Design")} part, {Outputs.Count(o => o.Labelled.HeldOut == heldOut)} outputs:\n");
            text.AppendLine(MarkdownTable.Of(["kind", "outputs", "found", "false alarms", "missed", "precision", "recall"],
                OffTaskKindNames.All.Append(OffTaskKinds.None).Select(kind => Row(kind, On(kind, heldOut)))));
        }
        text.AppendLine("Disagreements on the held-out part:\n");
        text.AppendLine(MarkdownTable.Of(["id", "target", "labels", "found", "source", "output"], Outputs.Where(o => o.Labelled.HeldOut && o.Found != o.Labelled.Labels)
            .Select(o => (string[])[o.Labelled.Id, o.Labelled.Target, Names(o.Labelled.Labels), Names(o.Found), Cell(o.Labelled.Source), Cell(o.Labelled.Output)])));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    private static string[] Row(OffTaskKinds kind, Agreement a) =>
        [kind == OffTaskKinds.None ? "any" : kind.Name(), $"{a.Both + a.PersonOnly}", $"{a.Both}", $"{a.DetectorOnly}", $"{a.PersonOnly}", Share(a.Precision), Share(a.Recall)];

    private static string Share(double? share) => share is { } value ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Names(OffTaskKinds kinds) => kinds == 0 ? "none" : string.Join(", ", OffTaskKindNames.All.Where(k => kinds.HasFlag(k)).Select(k => k.Name()));

    private static string Cell(string text) => text.Replace("\n", " ⏎ ").Replace("|", "\\|");
}
