using SaeNotebooks.Cli;
using SaeNotebooks.Cli.Verbs;

return await CommandLine.Run(args, [RunVerb.Create(), LabVerb.Create(), LintVerb.Create()]);
