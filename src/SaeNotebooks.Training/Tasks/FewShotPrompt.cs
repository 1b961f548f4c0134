namespace SaeNotebooks.Training.Tasks;

/// <summary>A prompt without an instruction: solved examples, then the source that is to be solved.</summary>
internal static class FewShotPrompt
{
    public static IReadOnlyList<Segment> Of(IEnumerable<Exercise> examples, Exercise last)
    {
        List<Segment> segments = [.. examples.SelectMany(e => e.Shot), new(Role.Source, last.Source)];
        if (last.Question is { } question) segments.Add(new(Role.Question, " " + question));
        segments.Add(new(Role.Break, Document.LineBreak));
        return segments;
    }
}
