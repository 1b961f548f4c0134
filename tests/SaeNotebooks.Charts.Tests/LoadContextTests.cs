using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.FSharp.Core;

namespace SaeNotebooks.Charts.Tests;

/// <summary>The arrangement that works in .NET Interactive: its FSharp.Core 10.0 in the default context, Plotly.NET's 10.1 in a private one.</summary>
public class LoadContextTests
{
    [Fact]
    public void A_chart_is_drawn_beside_another_FSharp_Core()
    {
        Assert.Equal(new Version(10, 0, 0, 0), HostsFSharpCore().Version);
        Assert.NotEmpty(Samples.Line().ToPlotlyJson());

        var ours = AssemblyLoadContext.All.Single(c => c.Name == "SaeNotebooks.Charts");
        Assert.Equal(new Version(10, 1, 0, 0), ours.Assemblies.Single(a => a.GetName().Name == "FSharp.Core").GetName().Version);
        Assert.Contains(ours.Assemblies, a => a.GetName().Name == "Plotly.NET");
    }

    [Fact]
    public void Nothing_of_the_plug_in_enters_the_hosts_context()
    {
        Assert.NotEmpty(Samples.Heatmap().ToPlotlyJson());

        string[] host = [.. AssemblyLoadContext.Default.Assemblies.Select(a => a.GetName().Name!)];
        Assert.DoesNotContain("Plotly.NET", host);
        Assert.DoesNotContain("SaeNotebooks.Charts", host);
        Assert.Single(AssemblyLoadContext.All.SelectMany(c => c.Assemblies), a => a.GetName().Name == "SaeNotebooks");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AssemblyName HostsFSharpCore() => typeof(FSharpOption<int>).Assembly.GetName();
}
