namespace SaeNotebooks.Cli.Setup;

/// <summary>What to do about missing requirements.</summary>
/// <param name="Missing">what is missing</param>
/// <param name="AptPackages">packages to install now; empty if this process may not or cannot</param>
/// <param name="Instructions">what the person has to do instead; empty if nothing</param>
internal sealed record InstallPlan(IReadOnlyList<Requirement> Missing, IReadOnlyList<string> AptPackages, string Instructions)
{
    /// <summary>apt on Debian as root; elsewhere the exact commands to type.</summary>
    public static InstallPlan For(MachineKind machine, IReadOnlyList<Requirement> missing)
    {
        string[] packages = [.. missing.Select(r => r.AptPackage).Distinct()];
        if (packages.Length == 0) return new InstallPlan([], [], "");
        return machine is { IsDebian: true, IsRoot: true }
            ? new InstallPlan(missing, packages, "")
            : new InstallPlan(missing, [], Explain(machine, missing, packages));
    }

    private static string Explain(MachineKind machine, IReadOnlyList<Requirement> missing, string[] packages)
    {
        var what = string.Join("\n", missing.Select(r => $"  {r.Name}, {r.Purpose}"));
        string[] elsewhere = [.. missing.Any(r => r.Elsewhere is null) ? [Conda] : Array.Empty<string>(), .. missing.Select(r => r.Elsewhere).OfType<string>().Distinct()];
        var otherwise = string.Join('\n', elsewhere.Select(line => "  " + line));
        var how = machine.IsDebian
            ? $"  sudo apt-get update && sudo apt-get install --no-install-recommends {string.Join(' ', packages)}\nor, without root:\n{otherwise}"
            : otherwise;
        return $"Missing on this machine ({machine.SystemName}):\n{what}\nInstall with:\n{how}\nand run the same command again.";
    }

    private const string Conda = "conda env create -f environment.yml && conda activate sae-notebooks";
}
