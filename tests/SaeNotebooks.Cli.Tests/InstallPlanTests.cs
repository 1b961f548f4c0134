using System.Text.RegularExpressions;
using SaeNotebooks.Cli.Export;
using SaeNotebooks.Cli.Setup;

namespace SaeNotebooks.Cli.Tests;

public class InstallPlanTests
{
    private static readonly MachineKind DebianRoot = new(IsDebian: true, IsRoot: true, "Debian GNU/Linux 12 (bookworm)");

    [Fact]
    public void NothingMissingNeedsNothing()
    {
        var plan = InstallPlan.For(DebianRoot, []);
        Assert.Empty(plan.AptPackages);
        Assert.Empty(plan.Instructions);
    }

    [Fact]
    public void RootOnDebianInstallsByApt()
    {
        var plan = InstallPlan.For(DebianRoot, [Requirement.NbClient, Requirement.Npm, Requirement.NbClient]);
        Assert.Equal(["python3-nbclient", "npm"], plan.AptPackages);
        Assert.Empty(plan.Instructions);
    }

    [Fact]
    public void AnotherUserOnDebianIsToldBothWays()
    {
        var plan = InstallPlan.For(DebianRoot with { IsRoot = false }, [Requirement.NbClient, Requirement.Npm]);
        Assert.Empty(plan.AptPackages);
        Assert.Contains("sudo apt-get update && sudo apt-get install --no-install-recommends python3-nbclient npm", plan.Instructions);
        Assert.Contains("conda env create -f environment.yml", plan.Instructions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ElsewhereCondaIsTheWay(bool isRoot)
    {
        var plan = InstallPlan.For(new MachineKind(IsDebian: false, isRoot, "macOS 26"), [Requirement.Server]);
        Assert.Empty(plan.AptPackages);
        Assert.Contains("macOS 26", plan.Instructions);
        Assert.Contains(Requirement.Server.Name, plan.Instructions);
        Assert.Contains("conda env create -f environment.yml", plan.Instructions);
        Assert.DoesNotContain("apt-get", plan.Instructions);
    }

    [Fact]
    public void WhatCondaDoesNotBringIsSaidByItself()
    {
        var mac = new MachineKind(IsDebian: false, IsRoot: false, "macOS 26");
        var plan = InstallPlan.For(mac, [Requirement.Chromium, Requirement.Notebook, Requirement.Widgets]);
        Assert.Contains("Chrome", plan.Instructions);
        Assert.Single(Regex.Matches(plan.Instructions, "Jupyter Notebook 6 with ipywidgets 6 or 7"));
        Assert.DoesNotContain("conda", plan.Instructions);
        Assert.Contains("conda", InstallPlan.For(mac, [Requirement.Chromium, Requirement.NbClient]).Instructions);
    }

    [Fact]
    public void NpmIsNotNeededOnceThePackagesAreCached()
    {
        using var folder = new TemporaryFolder();
        Sample.Assets(folder);
        Assert.Empty(Installer.MissingFor(WebAssets.Packages, folder.Path));
    }
}
