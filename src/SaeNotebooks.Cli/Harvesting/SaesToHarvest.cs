using SaeNotebooks.Saes;

namespace SaeNotebooks.Cli.Harvesting;

/// <summary>The SAEs that <c>harvest</c> is given by name.</summary>
internal static class SaesToHarvest
{
    /// <summary>Stands for all SAEs that belong to the model.</summary>
    public const string All = "all";

    /// <summary>Reads them; the caller owns those that are not the workbench's own.</summary>
    /// <param name="bench">the model</param>
    /// <param name="names">files or folders, <c>release:id</c> of something shipped or of the registry, or <see cref="All"/></param>
    /// <exception cref="CliException">one does not fit the model</exception>
    public static IReadOnlyList<Sae> Load(Workbench bench, IReadOnlyList<string> names) => [.. names.SelectMany(name => name == All ? Own(bench) : [Load(bench, name)])];

    private static IEnumerable<Sae> Own(Workbench bench) =>
        bench.SaeHooks.Count > 0 ? bench.SaeHooks.Select(bench.Sae) : throw new CliException($"There are no SAEs that belong to '{bench.Name}'; name one by its folder or as release:id.");

    private static Sae Load(Workbench bench, string name)
    {
        var sae = SaeReference.Of(name).Load();
        try
        {
            if (SaeFit.Check(sae, bench.Model.Config, bench.Name) is { } note) Console.WriteLine(note);
            return sae;
        }
        catch (ArgumentException e)
        {
            sae.Dispose();
            throw new CliException(e.Problem(), e);
        }
    }
}
