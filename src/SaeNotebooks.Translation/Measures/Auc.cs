namespace SaeNotebooks.Translation.Measures;

/// <summary>How well a score tells two groups of cases apart: the area under the ROC curve.</summary>
public static class Auc
{
    /// <summary>The chance that a case of one group scores above a case of the other, ties counted half (Mann and Whitney 1947): 0.5 where the score
    /// knows nothing of the groups, 1 or 0 where it separates them.</summary>
    /// <param name="group">scores of the group that is to score higher, none of them NaN</param>
    /// <param name="rest">scores of the other</param>
    /// <exception cref="ArgumentException">a group is empty</exception>
    public static double Of(IReadOnlyList<double> group, IReadOnlyList<double> rest)
    {
        if (group.Count == 0 || rest.Count == 0) throw new ArgumentException($"Scores of {group.Count} and {rest.Count} cases cannot be compared; give at least one of each.");
        var (wins, below) = (0.0, 0);
        foreach (var tied in group.Select(s => (Score: s, InGroup: true)).Concat(rest.Select(s => (Score: s, InGroup: false))).GroupBy(c => c.Score).OrderBy(g => g.Key))
        {
            var ofGroup = tied.Count(c => c.InGroup);
            var ofRest = tied.Count() - ofGroup;
            wins += ofGroup * (below + ofRest / 2.0);
            below += ofRest;
        }
        return wins / group.Count / rest.Count;
    }
}
