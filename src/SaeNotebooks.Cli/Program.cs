using SaeNotebooks.Cli;
using SaeNotebooks.Cli.Verbs;

return await CommandLine.Run(args,
[
    RunVerb.Create(), ExportVerb.Create(), SlidesVerb.Create(), LabVerb.Create(), LintVerb.Create(), VerifyNotebooksVerb.Create(), TrainModelVerb.Create(), TrainSaeVerb.Create(),
    EvaluateVerb.Create(), SwitchVerb.Create(), StudyVerb.Create(), VerifyVerb.Create(), BenchVerb.Create(),
    DownloadVerb.Create(), TokenizeVerb.Create(), ForwardVerb.Create(), EncodeVerb.Create(), ConvertVerb.Create(), HarvestVerb.Create(),
    MergeVerb.Create(), ScoreVerb.Create(), ScorePoolVerb.Create(), SelectVerb.Create(), EvaluateDetectorsVerb.Create(), LabelVerb.Create(), DashboardsVerb.Create(),
]);
