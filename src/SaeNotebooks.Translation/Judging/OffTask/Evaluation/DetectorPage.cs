using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Judging.OffTask.Evaluation;

/// <summary>All that is measured of the detectors, as a page.</summary>
public static class DetectorPage
{
    /// <summary>The tables on a labelled set and on clean translations.</summary>
    /// <param name="labelled">the labelled set</param>
    /// <param name="parallelFolder">parallel sentences; by default those of the data folder</param>
    /// <exception cref="FormatException">the labelled set has a broken line</exception>
    /// <exception cref="ParallelDataException">the parallel sentences have</exception>
    public static string Measure(string labelled, string? parallelFolder = null) => $"""
        {DetectorReport.Measure(LabelledOutput.Read(labelled)).ToMarkdown()}
        On the sentences of [../parallel](../parallel/README.md), with which nothing is wrong:

        {CleanReport.ToMarkdown(CleanReport.Measure(parallelFolder)).TrimEnd()}

        """;
}
