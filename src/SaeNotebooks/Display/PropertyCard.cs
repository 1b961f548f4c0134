using System.Collections;
using System.Reflection;

namespace SaeNotebooks.Display;

/// <summary>How values show themselves for which nobody drew anything: their public properties under their name.</summary>
internal static class PropertyCard
{
    /// <summary>Whether values of a type are shown so: those of this workbench that have neither a display of their own nor one that hosts give to lists.</summary>
    public static bool Covers(Type type) => !type.IsEnum && !type.IsGenericTypeDefinition && !(type.IsAbstract && type.IsSealed)
        && !typeof(IDisplayable).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)
        && !typeof(Attribute).IsAssignableFrom(type) && !typeof(IEnumerable).IsAssignableFrom(type);

    /// <summary>The card of a value.</summary>
    public static Card Of(object value) =>
        new(Words.SaysItself(value.GetType()) ? Words.Of(value) : Words.Sentence(Words.Name(value.GetType())), Facts(value));

    /// <summary>A table of values, a row for each; of those that say themselves in a line, these lines.</summary>
    public static DataTable Table(IEnumerable values, Type type)
    {
        object?[] rows = [.. values];
        var properties = Words.SaysItself(type) ? [] : Properties(type);
        return properties.Count == 0 ? new([Words.Name(type)], [.. rows.Select(r => (IReadOnlyList<object?>)[r])])
            : new([.. properties.Select(p => Words.Apart(p.Name))], [.. rows.Select(r => (IReadOnlyList<object?>)[.. properties.Select(p => Read(p, r))])]);
    }

    /// <summary>Names and values of the public properties.</summary>
    public static IReadOnlyList<(string Name, object? Value)> Facts(object value) =>
        [.. Properties(value.GetType()).Select(p => (Words.Apart(p.Name), Read(p, value)))];

    /// <summary>Properties of the part of a type that is public; of an internal class behind an interface, the interface's.</summary>
    private static IReadOnlyList<PropertyInfo> Properties(Type type)
    {
        var visible = type;
        while (!visible.IsVisible && visible.BaseType is { } below) visible = below;
        IEnumerable<Type> parts = visible == typeof(object) || visible.IsInterface
            ? [.. type.GetInterfaces().Where(i => i.IsVisible && i.Assembly == type.Assembly), .. visible.IsInterface ? [visible] : Array.Empty<Type>()] : [visible];
        return [.. parts.SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && !typeof(Delegate).IsAssignableFrom(p.PropertyType)).DistinctBy(p => p.Name)];
    }

    /// <summary>The value; what a property refuses to say in its present state is left out.</summary>
    private static object? Read(PropertyInfo property, object? of)
    {
        try { return of is null ? null : property.GetValue(of); }
        catch (TargetInvocationException) { return null; }
    }
}
