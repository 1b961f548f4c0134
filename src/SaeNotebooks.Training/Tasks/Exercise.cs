using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>A source with its answer, before any wording.</summary>
/// <param name="Source">the sentence or sentences that the task is about</param>
/// <param name="Question">a question about them, for the answer task</param>
/// <param name="Answer">what the task asks for</param>
/// <param name="Meanings">what source and answer mean</param>
internal sealed record Exercise(string Source, string? Question, string Answer, IReadOnlyList<Meaning> Meanings)
{
    /// <summary>A solved example: source and question, line break, answer, line break.</summary>
    public IReadOnlyList<Segment> Shot => [new(Role.Shot, Asked + Document.LineBreak), new(Role.ShotAnswer, Answer + Document.LineBreak)];

    private string Asked => Question is null ? Source : Source + " " + Question;
}
