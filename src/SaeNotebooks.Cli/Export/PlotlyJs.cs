using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SaeNotebooks.Cli.Export;

/// <summary>plotly.js as it is embedded in Plotly.NET, read out of the file without loading the assembly.</summary>
internal static class PlotlyJs
{
    /// <summary>The script's text.</summary>
    /// <param name="plotlyNet">path of <c>Plotly.NET.dll</c></param>
    /// <exception cref="CliException">the file is missing or holds no plotly.js</exception>
    public static string Read(string plotlyNet)
    {
        if (!File.Exists(plotlyNet)) throw new CliException($"'{plotlyNet}' is missing: build src/SaeNotebooks.Charts.");
        using var file = new PEReader(File.OpenRead(plotlyNet));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            var name = metadata.GetString(resource.Name);
            if (name.Contains("plotly", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".min.js", StringComparison.Ordinal))
                return Text(file, (int)resource.Offset);
        }
        throw new CliException($"'{plotlyNet}' holds no resource plotly*.min.js.");
    }

    private static string Text(PEReader file, int offset)
    {
        var resources = file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        var block = file.GetSectionData(resources).GetReader(offset, file.GetSectionData(resources).Length - offset);
        return block.ReadUTF8(block.ReadInt32());
    }
}
