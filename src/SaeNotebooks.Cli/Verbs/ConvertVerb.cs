using System.CommandLine;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>convert</c>: writes an SAE of any format in SAELens's, alone or as a folder for HuggingFace.</summary>
internal static class ConvertVerb
{
    private enum To { SaeLens, Hub }

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var sae = new SaeArguments();
        var to = new Option<To>("--to") { Description = "saelens, a folder that SAELens opens; or hub, one for HuggingFace with a card", DefaultValueFactory = _ => To.SaeLens };
        var output = new Option<string>("--out") { Description = "folder to write", Required = true };
        var command = new Command("convert", "Write an SAE of any format so that SAELens opens it.") { to, output };
        sae.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(sae.Load(parsed, onlyForNumbers: false, cancellation), parsed.GetValue(to), parsed.GetValue(output)!)));
        return command;
    }

    private static int Run(Sae sae, To to, string output)
    {
        using (sae)
        {
            if (File.Exists(output)) throw new CliException($"--out {output} is a file; name a folder.");
            try
            {
                if (to == To.Hub) HubFolder.Write(sae, output, new());
                else SaeLensFormat.Save(sae, output);
            }
            catch (ArgumentException e) { throw new CliException(e.Message, e); }
            AnsiConsole.MarkupLineInterpolated($"{sae}: wrote {output}");
        }
        return 0;
    }
}
